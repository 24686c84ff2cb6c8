import { isIPv6 } from 'node:net';
import { isAbsolute } from 'node:path';
import { SwarmctlError } from '../errors.ts';

/** A machine as OpenSSH is told of it. */
export interface SshTarget {
  /** Absent where the ssh configuration or the name of the local user decides. */
  user?: string;
  /** A name, an alias of the ssh configuration, or an address; IPv6 without brackets. */
  host: string;
  port?: number;
  /** Absolute path of an ssh configuration that comes before the user's. */
  config?: string;
}

export interface TcpTarget {
  /** A name or an address; IPv6 without brackets. */
  host: string;
  port: number;
  /** Absolute path of the folder that has `ca.pem`, `cert.pem` and `key.pem`. */
  certificates: string;
}

/**
 * Where an engine is. `unix` is a socket on this machine; `exec` is a local node: a container of the outer engine,
 * reached by an exec stream through it, so that it listens on no port; `context` is one of the docker client's.
 */
export type Endpoint =
  | { kind: 'unix'; path: string }
  | { kind: 'exec'; container: string }
  | ({ kind: 'ssh' } & SshTarget)
  | ({ kind: 'tcp' } & TcpTarget)
  | { kind: 'context'; name: string };

/** The engine that local nodes are containers of: `DOCKER_HOST`, or the default socket. */
export function outerEndpoint(env: NodeJS.ProcessEnv = process.env): string {
  return env.DOCKER_HOST || 'unix:///var/run/docker.sock';
}

/** The endpoint of the local node that is the container `name`. */
export function localNodeEndpoint(name: string): string {
  return `exec://${name}`;
}

/** The endpoint of the engine on a machine that is reached by ssh. */
export function sshEndpoint({ user, host, port, config }: SshTarget): string {
  const query = config === undefined ? '' : `?config=${config}`;
  return `ssh://${user === undefined ? '' : `${user}@`}${bracketed(host)}${port === undefined ? '' : `:${port}`}${query}`;
}

/** The endpoint of an engine that listens on TCP and asks for a client certificate. */
export function tcpEndpoint({ host, port, certificates }: TcpTarget): string {
  return `tcp://${bracketed(host)}:${port}?certificates=${certificates}`;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * Reads an endpoint URL.
 * @param url `unix:///path/to.sock`, `exec://container`, `ssh://[user@]host[:port][?config=/file]`,
 *   `tcp://host:port?certificates=/folder`, or `context://name`. IPv6 addresses stand in brackets.
 * @throws SwarmctlError `config` for anything else.
 */
export function parseEndpoint(url: string): Endpoint {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.+)$/.exec(url) ?? [];
  switch (scheme) {
    case 'unix':
      return { kind: 'unix', path: rest };
    case 'exec':
      return { kind: 'exec', container: rest };
    case 'ssh':
      return parseSsh(url, rest);
    case 'tcp':
      return parseTcp(url, rest);
    case 'context':
      if (/^[\w.+-]+$/.test(rest)) return { kind: 'context', name: rest };
  }
  throw unusable(
    url,
    'Local fleets need a Docker engine on this machine: set DOCKER_HOST to unix:///path/to/docker.sock.',
  );
}

function parseSsh(url: string, rest: string): Endpoint {
  const [, user, place = '', config] = /^(?:([^@?]+)@)?([^@/?]+)(?:\?config=(.+))?$/.exec(rest) ?? [];
  const found = parseHost(place);
  const isUsable =
    found &&
    (user === undefined || /^[\w.][\w.\\+-]*\$?$/.test(user)) &&
    (config === undefined || isAbsolute(config));
  if (!isUsable) throw unusable(url, 'Write ssh://user@host:port, with an IPv6 address in brackets.');
  const { host, port } = found;
  return {
    kind: 'ssh',
    host,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    ...(config !== undefined && { config }),
  };
}

function parseTcp(url: string, rest: string): Endpoint {
  const [, place = '', certificates = ''] = /^([^@/?]+)(?:\?certificates=(.*))?$/.exec(rest) ?? [];
  const found = parseHost(place);
  if (found?.port === undefined) throw unusable(url, 'Write tcp://host:port?certificates=/folder.');
  if (!isAbsolute(certificates)) {
    throw unusable(
      url,
      'The Docker API over TCP is used with client certificates only: add ?certificates=/folder with ca.pem, cert.pem and key.pem.',
    );
  }
  return { kind: 'tcp', host: found.host, port: found.port, certificates };
}

/** A leading `-` would be an option to ssh. */
function parseHost(place: string): { host: string; port: number | undefined } | undefined {
  const [, address, name, digits] = /^(?:\[([^\]]+)\]|(\w[\w.-]*))(?::(\d{1,5}))?$/.exec(place) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  if (address !== undefined) return isIPv6(address) ? { host: address, port } : undefined;
  return name === undefined ? undefined : { host: name, port };
}

function unusable(url: string, hint: string): SwarmctlError {
  return new SwarmctlError('config', `The engine address ${url} is not one that swarmctl can use.`, { hint });
}
