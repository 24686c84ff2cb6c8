import type { ComposeFileObject, ComposeModel, Contents } from './model.ts';

/**
 * The model with the configs and secrets whose content comes from elsewhere: they belong to the stack, whether the
 * compose files give them a `file` or call them `external`.
 */
export function withSupplied(model: ComposeModel, supplied: Contents): ComposeModel {
  return {
    ...model,
    ...(model.configs && { configs: owned(model.configs, supplied.configs) }),
    ...(model.secrets && { secrets: owned(model.secrets, supplied.secrets) }),
  };
}

function owned(
  objects: Record<string, ComposeFileObject>,
  supplied: ReadonlyMap<string, Buffer>,
): Record<string, ComposeFileObject> {
  const own = (key: string, object: ComposeFileObject): ComposeFileObject => {
    if (!supplied.has(key)) return object;
    const { external, name, file: _, ...rest } = object;
    // An external one without a name of its own is given its key for one.
    return name === undefined || (external && name === key) ? rest : { ...rest, name };
  };
  return Object.fromEntries(Object.entries(objects).map(([key, object]) => [key, own(key, object)]));
}

/** A sentence for each content that no compose file asks for. */
export function unusedNotes(model: ComposeModel, supplied: Contents): string[] {
  return (['configs', 'secrets'] as const).flatMap((kind) =>
    [...supplied[kind].keys()]
      .filter((key) => !Object.hasOwn(model[kind] ?? {}, key))
      .map(
        (key) =>
          `${kind}.${key} of the fleet file is not declared under \`${kind}:\` in a compose file, so nothing uses it`,
      ),
  );
}
