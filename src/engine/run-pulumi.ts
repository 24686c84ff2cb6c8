import type { automation } from '@pulumi/pulumi';
import * as cmd from '@pulumi/pulumi/automation/cmd.js';
import * as errors from '@pulumi/pulumi/automation/errors.js';
import { execa } from 'execa';
import semver from 'semver';

type Output = (text: string) => void;

interface CommandResult {
  stdout: string;
  stderr: string;
  code: number;
}

/** The method by which the Automation API runs the CLI; its published type leaves it out. */
export interface Runner {
  run(
    args: string[],
    cwd: string,
    env: Record<string, string>,
    onOutput?: Output,
    onError?: Output,
    signal?: AbortSignal,
  ): Promise<CommandResult>;
}

/** How the Automation API tells a missing stack, a lock and other failures apart; unpublished like `run`. */
const { createCommandError } = errors as unknown as { createCommandError(result: CommandResult): Error };
const { CommandResult, PulumiCommand } = cmd as unknown as typeof cmd & {
  CommandResult: new (stdout: string, stderr: string, code: number) => CommandResult;
};

/** A Pulumi CLI that is there, and not older than the Automation API drives. */
export interface PulumiCli {
  /** `pulumi` when it is the one on PATH, else an absolute path. */
  command: string;
  version: string;
}

/**
 * The Pulumi CLI for the Automation API, run in a process group of its own: Ctrl-C on the terminal would reach it
 * beside our own request to stop, and to Pulumi a second interrupt means to drop everything and run. Not from
 * `PulumiCommand.get`, which would run the CLI once more to ask for its version.
 */
export function detachedPulumi({ command, version }: PulumiCli): automation.PulumiCommand & Runner {
  const runner: Runner = { run: (...call) => run(command, ...call) };
  return Object.assign(Object.create(PulumiCommand.prototype), {
    ...runner,
    command,
    version: semver.parse(version),
  });
}

async function run(command: string, ...call: Parameters<Runner['run']>): Promise<CommandResult> {
  const [args, cwd, env, onOutput, onError, signal] = call;
  const child = execa(command, [...args, '--non-interactive'], {
    cwd,
    env: { ...env, PULUMI_AUTOMATION_API: 'true' },
    detached: true,
    cleanup: true,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
  });
  child.stdout.on('data', (data: Buffer) => onOutput?.(data.toString()));
  child.stderr.on('data', (data: Buffer) => onError?.(data.toString()));
  const interrupt = () => void child.kill('SIGINT');
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  const { stdout, stderr, exitCode, signal: killedBy } = await child;
  signal?.removeEventListener('abort', interrupt);
  if (killedBy) throw new Error(`The Pulumi engine was ended from outside by ${killedBy}.`);
  const result = new CommandResult(stdout, stderr, exitCode ?? -2);
  if (exitCode !== 0) throw createCommandError(result);
  return result;
}
