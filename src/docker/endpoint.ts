import { SwarmctlError } from '../errors.ts';

/**
 * Where an engine is. `unix` is a socket on this machine; `exec` is a local node: a container of the outer engine,
 * reached by an exec stream through it, so that it listens on no port.
 */
export type Endpoint = { kind: 'unix'; path: string } | { kind: 'exec'; container: string };

/** The engine that local nodes are containers of: `DOCKER_HOST`, or the default socket. */
export function outerEndpoint(env: NodeJS.ProcessEnv = process.env): string {
  return env.DOCKER_HOST || 'unix:///var/run/docker.sock';
}

/** The endpoint of the local node that is the container `name`. */
export function localNodeEndpoint(name: string): string {
  return `exec://${name}`;
}

/**
 * Reads an endpoint URL.
 * @param url `unix:///path/to.sock` or `exec://container`.
 * @throws SwarmctlError `config` for any other scheme.
 */
export function parseEndpoint(url: string): Endpoint {
  const [, scheme, rest] = /^([a-z]+):\/\/(.+)$/.exec(url) ?? [];
  if (scheme === 'unix' && rest) return { kind: 'unix', path: rest };
  if (scheme === 'exec' && rest) return { kind: 'exec', container: rest };
  throw new SwarmctlError('config', `The engine address ${url} is not one that swarmctl can use.`, {
    hint: 'Local fleets need a Docker engine on this machine: set DOCKER_HOST to unix:///path/to/docker.sock.',
  });
}
