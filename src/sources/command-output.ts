import { execa } from 'execa';
import { SwarmctlError } from '../errors.ts';

const deadlineMs = 60_000;

/**
 * What a command writes to its stdout, byte by byte. What it says besides is not shown: it may be about the content.
 * @param command a program and its arguments
 * @returns the output, or why there is none, to follow the words for the command
 * @throws SwarmctlError `interrupted`
 */
export async function outputOf(
  [program = '', ...args]: readonly string[],
  { directory, signal }: { directory: string; signal: AbortSignal },
): Promise<Buffer | string> {
  const result = await execa(program, args, {
    cwd: directory,
    stdin: 'ignore',
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    timeout: deadlineMs,
    cancelSignal: signal,
  });
  if (!result.failed) return Buffer.from(result.stdout);
  if (result.isCanceled)
    throw new SwarmctlError('interrupted', 'interrupted while a command was run for a secret');
  if (result.timedOut) return `did not end within ${deadlineMs / 1_000} s`;
  if (result.isMaxBuffer) return 'writes far more than the engine takes';
  if (result.code === 'ENOENT') return `cannot be run: there is no program ${program}`;
  if (result.exitCode === undefined)
    return `cannot be run (${result.code ?? result.signal ?? 'no reason is given'})`;
  return `ended with exit code ${result.exitCode}; run it by hand to see why`;
}
