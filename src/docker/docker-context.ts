import { join } from 'node:path';
import { execa } from 'execa';
import { SwarmctlError } from '../errors.ts';
import { type Endpoint, parseEndpoint, tcpEndpoint } from './endpoint.ts';

/** What `docker context inspect` tells (docker/cli, cli/command/context/inspect.go). */
interface ContextFacts {
  Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } };
  TLSMaterial?: { docker?: string[] };
  Storage?: { TLSPath?: string };
}

const deadlineMs = 10_000;

/**
 * The endpoint that a context of the docker client stands for.
 * @throws SwarmctlError `config` when there is no such context, or one that cannot be used; `toolchain` without a docker
 *   client.
 */
export async function resolveContext(name: string): Promise<Endpoint> {
  const result = await execa('docker', ['context', 'inspect', '--', name], {
    reject: false,
    stdin: 'ignore',
    timeout: deadlineMs,
  });
  if (result.exitCode === undefined) {
    throw new SwarmctlError(
      'toolchain',
      `The docker context ${name} cannot be read: no docker client can be run.`,
      {
        hint: 'Install the docker client, or write the address of the engine instead: ssh://user@host.',
        cause: result.cause,
      },
    );
  }
  if (result.failed) {
    throw new SwarmctlError('config', `There is no docker context ${name} that can be used.`, {
      details: [`| ${result.stderr.trim()}`],
      hint: '`docker context ls` shows those that there are.',
    });
  }
  const [facts] = JSON.parse(result.stdout) as ContextFacts[];
  return endpointOf(name, facts ?? {});
}

function endpointOf(name: string, { Endpoints, TLSMaterial, Storage }: ContextFacts): Endpoint {
  const { Host = '', SkipTLSVerify } = Endpoints?.docker ?? {};
  const [, host, port] = /^tcp:\/\/(.+):(\d+)\/?$/.exec(Host) ?? [];
  if (!host) return parseEndpoint(Host);
  const files = TLSMaterial?.docker ?? [];
  if (SkipTLSVerify || !['ca.pem', 'cert.pem', 'key.pem'].every((file) => files.includes(file))) {
    throw new SwarmctlError('config', `The docker context ${name} is for ${Host} without full TLS.`, {
      hint: 'The Docker API over TCP is used with client certificates only: make it with `docker context create --docker host=…,ca=…,cert=…,key=…`.',
    });
  }
  const certificates = join(Storage?.TLSPath ?? '', 'docker');
  return parseEndpoint(
    tcpEndpoint({ host: host.replace(/^\[(.+)\]$/, '$1'), port: Number(port), certificates }),
  );
}
