import { execa } from 'execa';
import { SwarmctlError } from '../errors.ts';

export interface ToolOptions {
  /** What the run does, as the start of a sentence: `Building the Pulumi CLI`. */
  what: string;
  /** Milliseconds until the tool and its children are ended. */
  deadlineMs: number;
  /** What the reader can do when it fails. */
  hint?: string;
  cwd?: string;
  env?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const shownLines = 15;

/**
 * Runs a program of the machine to its end, without input.
 * @returns what it wrote to stdout and stderr.
 * @throws SwarmctlError `toolchain` with the last lines of the output, `timeout`, `interrupted`.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<string> {
  const { what, deadlineMs, hint, signal, cwd, env } = options;
  const expiry = AbortSignal.timeout(deadlineMs);
  const stop = signal ? AbortSignal.any([signal, expiry]) : expiry;
  const result = await runUntil(stop, command, args, { ...(cwd && { cwd }), ...(env && { env }) });
  if (!result.failed) return result.all;
  const details = result.all.trimEnd().split('\n').slice(-shownLines);
  const facts = { details, cause: result.cause, ...(hint !== undefined && { hint }) };
  if (signal?.aborted)
    throw new SwarmctlError('interrupted', `${what} was stopped.`, { cause: result.cause });
  if (expiry.aborted)
    throw new SwarmctlError('timeout', `${what} did not finish within ${deadlineMs / 1000} s.`, facts);
  throw new SwarmctlError('toolchain', `${what} failed.`, facts);
}

/** The tool leads a process group of its own: ending a shell script alone would leave what it runs behind. */
async function runUntil(
  stop: AbortSignal,
  command: string,
  args: readonly string[],
  place: { cwd?: string; env?: Record<string, string> },
) {
  const child = execa(command, args, { ...place, stdin: 'ignore', all: true, reject: false, detached: true });
  const end = () => child.pid !== undefined && endGroup(child.pid);
  if (stop.aborted) end();
  stop.addEventListener('abort', end);
  const result = await child;
  stop.removeEventListener('abort', end);
  const all = result.all ?? '';
  // A command that is missing writes nothing: the system's reason stands in for its output.
  return {
    failed: result.failed,
    all: all === '' && result.failed ? (result.originalMessage ?? '') : all,
    cause: result.cause,
  };
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGTERM');
  } catch {
    // All of it has ended.
  }
}

/** Whether a program is on PATH and says its version. */
export async function findTool(command: string, versionArgs: readonly string[]): Promise<string | undefined> {
  const result = await execa(command, versionArgs, { reject: false, stdin: 'ignore', timeout: 20_000 });
  return result.failed ? undefined : result.stdout.trim();
}
