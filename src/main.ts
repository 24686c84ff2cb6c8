import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Command, CommanderError } from 'commander';
import { createCli } from './cli.ts';
import type { CommandContext } from './commands/context.ts';
import { asInterrupted, type ExitCode, exitCodeOf, exitCodes, SwarmctlError } from './errors.ts';
import { packageRoot } from './package-root.ts';
import { failedReport, showError } from './report/error.ts';
import { createIo, type Io } from './report/io.ts';
import { printJson } from './report/json.ts';
import { reasonOf } from './report/output-file.ts';

/** What `main` needs of the process that it runs in. */
export type Host = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env' | 'on' | 'off' | 'cwd'>;

const oldestNode = 22;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs one command. The only place where an error becomes an exit code.
 * @param argv the arguments after the program's name.
 * @returns the exit code: one of the table, or that of a command in a container; nothing is thrown.
 */
export async function main(argv: string[], host: Host): Promise<number> {
  const io = createIo(host);
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const interruption = listenForSignals(host, io);
  try {
    checkNode();
    const exitCode = await runCommand(argv, host, io, version, interruption);
    await checkOutput(io);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return exitOfCommander(error, argv, io);
    const shown = interruption.signal.aborted ? asInterrupted(error) : error;
    if (asksJson(argv)) printJson(io, failedReport(argv[0] ?? '', shown));
    showError(io, shown, version);
    return exitCodeOf(shown);
  } finally {
    interruption.stop();
  }
}

async function runCommand(
  argv: string[],
  host: Host,
  io: Io,
  version: string,
  { signal, stopsAtOnce }: Interruption,
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const context = { io, signal, stopsAtOnce, env: host.env, directory: host.cwd() };
  const cli = createCli(context, version, (code) => {
    exitCode = code;
  });
  const output = {
    writeOut: (text: string) => void io.stdout.write(text),
    writeErr: (text: string) => void io.stderr.write(text),
  };
  for (const command of withSubcommands(cli)) command.configureOutput(output).exitOverride();
  await cli.parseAsync(argv, { from: 'user' });
  return exitCode;
}

interface Interruption extends Pick<CommandContext, 'signal' | 'stopsAtOnce'> {
  stop(): void;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The first signal asks everything to stop; what is under way ends in a valid state, which takes seconds. */
function listenForSignals(host: Host, io: Io): Interruption {
  const controller = new AbortController();
  let takesTime = true;
  const onSignal = () => {
    const again = controller.signal.aborted;
    const told = again
      ? 'Still stopping: the state is being left valid.\n'
      : '\nStopping: this takes seconds.\n';
    if (takesTime) io.stderr.write(told);
    controller.abort();
  };
  for (const name of signals) host.on(name, onSignal);
  return {
    signal: controller.signal,
    stopsAtOnce: () => {
      takesTime = false;
    },
    stop: () => {
      for (const name of signals) host.off(name, onSignal);
    },
  };
}

/** A result that was not written is no success, whatever was done. */
async function checkOutput(io: Io): Promise<void> {
  // A failed write is told in the next turn.
  await setImmediate();
  const cause = io.lostResult();
  if (!cause) return;
  throw new SwarmctlError('output', `The result could not be written to stdout: ${reasonOf(cause)}.`, {
    hint: 'What was to be done is done; `swarmctl status` shows it.',
    cause,
  });
}

/** What stands behind `--` is for another program. */
function asksJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).includes('--json');
}

function checkNode(): void {
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return;
  throw new SwarmctlError(
    'toolchain',
    `swarmctl needs Node ${oldestNode} or newer; this is ${process.version}.`,
    {
      hint: 'Install a current Node, or run it from a checkout after `npm ci`, which brings one.',
    },
  );
}

/** The reader has been told already: what remains is the one document, where it was asked for. */
function exitOfCommander(error: CommanderError, argv: string[], io: Io): ExitCode {
  if (error.exitCode === 0) return exitCodes.done;
  const told = new SwarmctlError('usage', error.message.replace(/^error: /, ''));
  if (asksJson(argv)) printJson(io, failedReport(argv[0] ?? '', told));
  return exitCodes.usage;
}
