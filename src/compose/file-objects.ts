import type { Driver, FileTarget } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import { stackLabels } from './labels.ts';
import type { ComposeFileObject, ComposeFileReference, Locate } from './model.ts';
import { withoutUnset } from './unset.ts';
import { versionedName } from './versioned-name.ts';

/** A config or secret of a stack; an external one has to exist already. */
export type FileObject = OwnFileObject | { key: string; name: string; external: true };

export interface OwnFileObject extends ContentDrivers {
  key: string;
  name: string;
  external: false;
  data: Buffer;
  labels: Record<string, string>;
}

/** What makes or changes the content of a config or secret inside the swarm. */
export interface ContentDrivers {
  driver?: Driver;
  templating?: Driver;
}

/** The configs or the secrets at the top level of the compose files, sorted by name. */
export function stackFileObjects(
  stack: string,
  objects: Record<string, ComposeFileObject>,
  contents: ReadonlyMap<string, Buffer>,
): FileObject[] {
  return Object.entries(objects)
    .map(([key, object]) => fileObject(stack, key, object, contents))
    .sort((a, b) => compareText(a.name, b.name));
}

function fileObject(
  stack: string,
  key: string,
  object: ComposeFileObject,
  contents: ReadonlyMap<string, Buffer>,
): FileObject {
  const name = fileObjectName(stack, key, object);
  if (object.external) return { key, name, external: true };
  const data = contents.get(key);
  if (!data) throw new Error(`the contents of ${key} were not read`);
  return { key, name, external: false, data, labels: stackLabels(stack, object.labels), ...drivers(object) };
}

function drivers({ driver, driver_opts, template_driver }: ComposeFileObject): ContentDrivers {
  return withoutUnset<ContentDrivers>({
    driver: driver ? withoutUnset<Driver>({ Name: driver, Options: driver_opts }) : undefined,
    templating: template_driver ? { Name: template_driver } : undefined,
  });
}

/** The name of a config or secret in the swarm, before its content is known. */
export function fileObjectName(stack: string, key: string, object: ComposeFileObject): string {
  return object.name ?? `${stack}_${key}`;
}

/** What tells two versions of a config or secret apart: the swarm changes neither content nor drivers of one. */
export function contentVersion({ data, driver, templating }: OwnFileObject): Buffer {
  if (!driver && !templating) return data;
  return Buffer.concat([data, Buffer.from(JSON.stringify({ driver, templating }))]);
}

/** What a config or secret that was adopted under another name is known by, as long as it means the same. */
export function contentKey(kind: 'configs' | 'secrets', object: OwnFileObject, fleetKey: string): string {
  return `${kind}/${versionedName(object.name, contentVersion(object), fleetKey)}`;
}

/**
 * The name that a config or secret of the stack has in the swarm.
 * @param keptNames names of what was adopted and has not changed since, by its content key.
 */
export function nameInSwarm(
  kind: 'configs' | 'secrets',
  object: OwnFileObject,
  { fleetKey, keptNames }: { fleetKey: string; keptNames: ReadonlyMap<string, string> },
): string {
  const kept = keptNames.get(contentKey(kind, object, fleetKey));
  return kept ?? versionedName(object.name, contentVersion(object), fleetKey);
}

/** A config or secret that a service mounts. */
export interface FileMount {
  name: string;
  file: FileTarget;
}

/**
 * The configs or the secrets of one service, sorted by name so that their order in the file changes nothing.
 * @param kind the top-level section that declares them
 * @param locate finds what stands under a service's keys
 */
export function fileMounts(
  stack: string,
  kind: 'configs' | 'secrets',
  references: readonly ComposeFileReference[],
  declared: Record<string, ComposeFileObject>,
  locate: Locate,
): FileMount[] {
  refuseSharedTarget(kind, references, locate);
  return references
    .map((reference) => {
      const object = Object.hasOwn(declared, reference.source) ? declared[reference.source] : undefined;
      if (!object) throw undeclared(kind, reference.source, locate(kind, reference.source));
      return { name: fileObjectName(stack, reference.source, object), file: fileTarget(reference) };
    })
    .sort((a, b) => compareText(a.name, b.name));
}

/** The engine would take both and show the task one of them. */
function refuseSharedTarget(
  kind: 'configs' | 'secrets',
  references: readonly ComposeFileReference[],
  locate: Locate,
): void {
  const targets = new Map<string, string>();
  for (const { source, target = source } of references) {
    const other = targets.get(target);
    if (other !== undefined) {
      const message = `${locate(kind, source)}: ${kind} \`${other}\` and \`${source}\` have the same target \`${target}\``;
      throw new SwarmctlError('config', message, { hint: 'Give one of them another `target`.' });
    }
    targets.set(target, source);
  }
}

function fileTarget({ source, target, uid, gid, mode }: ComposeFileReference): FileTarget {
  return { Name: target ?? source, UID: uid ?? '0', GID: gid ?? '0', Mode: mode ?? 0o444 };
}

/** @param position `file:line:col` of where it is used. */
export function undeclared(kind: 'configs' | 'secrets', source: string, position: string): SwarmctlError {
  const one = kind.slice(0, -1);
  return new SwarmctlError('config', `${position}: ${one} \`${source}\` is not declared`, {
    hint: `Declare it under \`${kind}:\` at the top level.`,
  });
}

/** The order of text that does not depend on the language of the machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
