import type { ServiceSpec } from '../docker/engine-spec.ts';
import type { OwnFileObject } from './file-objects.ts';
import type { Stack } from './stack.ts';

/** Tells the name, with its version, that a config or secret of the stack has in the swarm. */
export type NameOf = (kind: 'configs' | 'secrets', object: OwnFileObject) => string;

/**
 * A stack as it can be written down: its services refer to the versions of configs and secrets that stay in the swarm,
 * so that it holds no content.
 */
export function recordedStack(stack: Stack, nameOf: NameOf): Stack {
  const configs = namesOf(stack, 'configs', nameOf);
  const secrets = namesOf(stack, 'secrets', nameOf);
  return {
    ...stack,
    configs: externals(configs),
    secrets: externals(secrets),
    services: stack.services.map((service) => withNames(service, configs, secrets)),
    builds: [],
  };
}

function namesOf(stack: Stack, kind: 'configs' | 'secrets', nameOf: NameOf): Map<string, string> {
  return new Map(
    stack[kind].map((object) => [object.name, object.external ? object.name : nameOf(kind, object)]),
  );
}

function externals(names: ReadonlyMap<string, string>): Stack['configs'] {
  return [...names.values()].map((name) => ({ key: name, name, external: true }));
}

function withNames(
  service: ServiceSpec,
  configs: ReadonlyMap<string, string>,
  secrets: ReadonlyMap<string, string>,
): ServiceSpec {
  const { ContainerSpec } = service.TaskTemplate;
  const { Configs, Secrets, Privileges } = ContainerSpec;
  const credentials = Privileges?.CredentialSpec;
  const container = {
    ...ContainerSpec,
    ...(Configs && {
      Configs: Configs.map((one) => ({ ...one, ConfigName: configs.get(one.ConfigName) ?? one.ConfigName })),
    }),
    ...(Secrets && {
      Secrets: Secrets.map((one) => ({ ...one, SecretName: secrets.get(one.SecretName) ?? one.SecretName })),
    }),
    ...(credentials?.Config && {
      Privileges: {
        ...Privileges,
        CredentialSpec: { ...credentials, Config: configs.get(credentials.Config) ?? credentials.Config },
      },
    }),
  };
  return { ...service, TaskTemplate: { ...service.TaskTemplate, ContainerSpec: container } };
}
