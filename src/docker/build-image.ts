import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { SwarmctlError } from '../errors.ts';
import { outerEndpoint } from './endpoint.ts';

/** What the docker client is asked to build. */
export interface BuildRequest {
  /** What the image is tagged with. */
  image: string;
  /** An absolute folder, or a URL. */
  context: string;
  /** An absolute path when the context is a folder, else relative to the context. */
  dockerfile: string | undefined;
  /** Values are given to the client by its environment, never in its arguments, which everybody can read. */
  args: Record<string, string>;
  labels: Record<string, string>;
  target: string | undefined;
  network: string | undefined;
  cacheFrom: string[];
  extraHosts: string[];
  /** Where the build was asked for, `file:line:col`. */
  position: string;
}

export interface BuildOptions {
  signal: AbortSignal;
  /** The line that the builder wrote last. */
  onProgress(line: string): void;
}

const deadlineMs = 3600_000;
const shownLines = 20;

/** Variables that would change what the docker client itself does. */
const clientVariables = /^(PATH|HOME|(DOCKER|BUILDKIT|BUILDX)_.*)$/;

/**
 * Builds an image on this machine's engine with the docker client: by BuildKit where the client has it.
 * @returns the image's ID.
 * @throws SwarmctlError `build-failed` with the last lines of the output, `config` for an argument that cannot be
 *   passed, `timeout`, `interrupted`.
 */
export async function buildImage(request: BuildRequest, options: BuildOptions): Promise<string> {
  refuseClientVariables(request);
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-build-'));
  try {
    const idFile = join(folder, 'id');
    await runBuild(request, idFile, options);
    return (await readFile(idFile, 'utf8')).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseClientVariables({ args, position }: BuildRequest): void {
  const refused = Object.keys(args).find((name) => clientVariables.test(name));
  if (refused === undefined) return;
  throw new SwarmctlError('config', `${position}: the build argument \`${refused}\` cannot be passed`, {
    hint: 'The docker client reads a variable of that name itself. Give the argument another name.',
  });
}

async function runBuild(
  request: BuildRequest,
  idFile: string,
  { signal, onProgress }: BuildOptions,
): Promise<void> {
  const child = execa('docker', buildArguments(request, idFile), {
    env: { ...request.args, ...clientEnvironment() },
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    timeout: deadlineMs,
    cancelSignal: signal,
  });
  const last: string[] = [];
  for await (const line of child.iterable({ from: 'all' })) {
    if (line.trim() === '') continue;
    last.push(line);
    if (last.length > shownLines) last.shift();
    onProgress(line.trim());
  }
  const result = await child;
  if (!result.failed) return;
  // On a terminal, Ctrl-C reaches the client as well, which may end before it is told to.
  throw buildFailure({ ...result, isCanceled: signal.aborted }, request, last);
}

/** The engine that the rest of swarmctl uses, and a builder that leaves the image there. */
function clientEnvironment(): Record<string, string> {
  return { DOCKER_HOST: outerEndpoint(), BUILDX_BUILDER: 'default', BUILDKIT_PROGRESS: 'plain' };
}

/** The command line of `docker build`. A build argument without a value takes it from the environment. */
function buildArguments(request: BuildRequest, idFile: string): string[] {
  const { image, context, dockerfile, args, labels, target, network, cacheFrom, extraHosts } = request;
  const each = (flag: string, values: string[]) => values.flatMap((value) => [flag, value]);
  const one = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  return [
    'build',
    // Else the classic builder leaves the container of a step that failed.
    '--force-rm',
    ...['--tag', image, '--iidfile', idFile],
    ...one('--file', dockerfile),
    ...each('--build-arg', Object.keys(args)),
    ...each(
      '--label',
      Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ),
    ...one('--target', target),
    ...one('--network', network),
    ...each('--cache-from', cacheFrom),
    ...each('--add-host', extraHosts),
    '--',
    context,
  ];
}

function buildFailure(
  result: { isCanceled: boolean; timedOut: boolean; exitCode?: number | undefined; cause?: unknown },
  { image, position }: BuildRequest,
  details: string[],
): SwarmctlError {
  const { cause } = result;
  if (result.isCanceled)
    return new SwarmctlError('interrupted', `Building ${image} was interrupted.`, { cause });
  if (result.timedOut) {
    return new SwarmctlError('timeout', `${position}: building ${image} did not finish within an hour.`, {
      details,
    });
  }
  const reason =
    result.exitCode === undefined ? 'no docker client can be run' : `exit code ${result.exitCode}`;
  return new SwarmctlError('build-failed', `${position}: building ${image} failed (${reason}).`, {
    details: details.map((line) => `| ${line}`),
    hint: 'The lines above are the last ones of the build. Correct the cause and run swarmctl again.',
    cause,
  });
}
