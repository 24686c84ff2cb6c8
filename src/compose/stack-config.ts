import { execa } from 'execa';
import { SwarmctlError } from '../errors.ts';

const deadlineMs = 30_000;

/** What the docker client made of the files: the merged file, or the reason why it refuses them. */
export type StackConfig = { ok: true; yaml: string; warnings: string[] } | { ok: false; reason: string };

export interface StackConfigOptions {
  /** Variables for interpolation, over those of this process. */
  env: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/**
 * Runs `docker stack config`, which reads the exact dialect of `docker stack deploy` and needs no engine.
 * @param files absolute paths, merged in this order
 * @throws SwarmctlError `toolchain` without a docker client that can do it, `timeout`, `interrupted`
 */
export async function stackConfig(
  files: readonly string[],
  options: StackConfigOptions,
): Promise<StackConfig> {
  const result = await execa(
    'docker',
    ['stack', 'config', ...files.flatMap((file) => ['-c', csvField(file)])],
    {
      env: options.env,
      stdin: 'ignore',
      reject: false,
      timeout: deadlineMs,
      ...(options.signal && { cancelSignal: options.signal }),
    },
  );
  if (!result.failed) return { ok: true, yaml: result.stdout, warnings: warningsOf(result.stderr) };
  if (result.isCanceled) throw new SwarmctlError('interrupted', 'interrupted while compose files were read');
  if (result.timedOut) throw timeoutError(files);
  if (result.code !== undefined) throw clientMissing(result.cause);
  if (lacksStackConfig(result.stderr)) throw clientTooOld();
  return { ok: false, reason: result.stderr || result.shortMessage || 'no reason is given' };
}

/** The client splits the value of `-c` as a line of CSV. */
function csvField(file: string): string {
  return /[",]/.test(file) ? `"${file.replaceAll('"', '""')}"` : file;
}

/** The client logs warnings as `time="…" level=warning msg="…"`. */
function warningsOf(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replace(/\\(.)/g, '$1') ?? line);
}

function lacksStackConfig(stderr: string): boolean {
  return /^unknown (?:shorthand )?(?:flag|command)|is not a docker command/.test(stderr);
}

function timeoutError(files: readonly string[]): SwarmctlError {
  return new SwarmctlError(
    'timeout',
    `\`docker stack config\` did not finish within ${deadlineMs / 1000} s on ${files.join(', ')}`,
    { hint: 'Check that `docker version` answers on this machine.' },
  );
}

function clientMissing(cause: unknown): SwarmctlError {
  return new SwarmctlError('toolchain', 'no docker client was found; compose files are read with it', {
    hint: 'Install the docker command-line client, version 23 or newer, or put it on PATH.',
    cause,
  });
}

function clientTooOld(): SwarmctlError {
  return new SwarmctlError(
    'toolchain',
    'the docker client on PATH is too old: it has no `docker stack config`',
    {
      hint: 'Install the docker command-line client, version 23 or newer.',
    },
  );
}
