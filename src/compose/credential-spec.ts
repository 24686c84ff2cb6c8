import type { CredentialSpec } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import { fileObjectName, undeclared } from './file-objects.ts';
import type { ComposeFile, ComposeModel, ComposeService, Locate } from './model.ts';

/** Which Windows account the containers of a service have; a config is referred to by its name. */
export function credentialSpec(
  { model }: ComposeFile,
  stack: string,
  service: ComposeService,
  locate: Locate,
): CredentialSpec | undefined {
  const { config, file, registry } = service.credential_spec ?? {};
  const sources = Object.entries({ Config: config, File: file, Registry: registry }).filter(
    ([, source]) => source,
  );
  if (sources.length === 0) return undefined;
  if (sources.length > 1) throw severalSources(locate);
  if (config && !Object.hasOwn(model.configs ?? {}, config))
    throw undeclared('configs', config, locate('credential_spec', 'config'));
  return config ? { Config: credentialConfig(model, stack, service) ?? '' } : Object.fromEntries(sources);
}

/** The name of the config that holds a service's credential spec. */
export function credentialConfig(
  model: ComposeModel,
  stack: string,
  { credential_spec }: ComposeService,
): string | undefined {
  const key = credential_spec?.config;
  return key ? fileObjectName(stack, key, model.configs?.[key] ?? {}) : undefined;
}

function severalSources(locate: Locate): SwarmctlError {
  return new SwarmctlError(
    'config',
    `${locate('credential_spec')}: a \`credential_spec\` comes from one source`,
    { hint: 'Keep one of `config`, `file` and `registry`.' },
  );
}
