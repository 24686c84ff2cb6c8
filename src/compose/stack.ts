import type { ConfigSpec, NetworkSpec, SecretSpec, ServiceSpec } from '../docker/engine-spec.ts';
import { type ImageBuild, imageBuilds } from './builds.ts';
import { type FileObject, type OwnFileObject, stackFileObjects } from './file-objects.ts';
import type { ComposeFile } from './model.ts';
import { stackNetworks } from './networks.ts';
import { serviceSpec } from './service.ts';

/**
 * Everything that an app's compose files ask of one swarm, each list sorted by name. It holds the contents of
 * secrets: show `stackObjects` of it instead.
 */
export interface Stack {
  name: string;
  networks: NetworkSpec[];
  /** Networks that the services use and that have to exist already. */
  externalNetworks: string[];
  configs: FileObject[];
  secrets: FileObject[];
  /** Networks, configs and secrets are referred to by their logical names. */
  services: ServiceSpec[];
  /** Images that have to be built before the services can be sent. */
  builds: ImageBuild[];
}

/**
 * Converts compose files into what `docker stack deploy` would send to the Engine API.
 * @param options.stack name of the stack; it prefixes the names of all objects
 * @throws SwarmctlError `config` with file, line and column for what the schema of compose files lets through but
 *   no engine can run, such as a network that is not declared
 */
export function renderStack(compose: ComposeFile, options: { stack: string }): Stack {
  const { stack } = options;
  return {
    name: stack,
    ...stackNetworks(compose, stack),
    configs: stackFileObjects(stack, compose.model.configs ?? {}, compose.contents.configs),
    secrets: stackFileObjects(stack, compose.model.secrets ?? {}, compose.contents.secrets),
    services: Object.keys(compose.model.services)
      .sort()
      .map((name) => serviceSpec(compose, stack, name)),
    builds: imageBuilds(compose, stack),
  };
}

/** The Engine objects of a stack as they may be shown to a reader. */
export interface StackObjects {
  networks: NetworkSpec[];
  configs: ConfigSpec[];
  secrets: SecretSpec[];
  services: ServiceSpec[];
}

/** What `swarmctl render` prints: the Engine objects that would be created, without the contents of secrets. */
export function stackObjects(stack: Stack): StackObjects {
  return {
    networks: stack.networks,
    configs: stack.configs.flatMap((config) =>
      config.external ? [] : [{ ...fileObjectSpec(config), Data: config.data.toString('base64') }],
    ),
    secrets: stack.secrets.flatMap((secret) => (secret.external ? [] : [fileObjectSpec(secret)])),
    services: stack.services,
  };
}

function fileObjectSpec({ name, labels, driver, templating }: OwnFileObject): SecretSpec {
  return {
    Name: name,
    Labels: labels,
    ...(driver && { Driver: driver }),
    ...(templating && { Templating: templating }),
  };
}
