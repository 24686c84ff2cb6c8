import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { createCli } from './cli.ts';
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
 * @returns the exit code; nothing is thrown.
 */
export async function main(argv: string[], host: Host): Promise<ExitCode> {
  const io = createIo(host);
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const interruption = listenForSignals(host, io);
  try {
    checkNode();
    const exitCode = await runCommand(argv, host, io, version, interruption.signal);
    await checkOutput(io);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return exitOfCommander(error, argv, io);
    const shown = interruption.signal.aborted ? asInterrupted(error) : error;
    if (argv.includes('--json')) printJson(io, failedReport(argv[0] ?? '', shown));
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
  signal: AbortSignal,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const context = { io, signal, env: host.env, directory: host.cwd() };
  const cli = createCli(context, version, (code) => {
    exitCode = code;
  });
  const output = {
    writeOut: (text: string) => void io.stdout.write(text),
    writeErr: (text: string) => void io.stderr.write(text),
  };
  for (const command of [cli, ...cli.commands]) command.configureOutput(output).exitOverride();
  await cli.parseAsync(argv, { from: 'user' });
  return exitCode;
}

/** The first signal asks everything to stop; what is under way ends in a valid state, which takes seconds. */
function listenForSignals(host: Host, io: Io): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    const again = controller.signal.aborted;
    io.stderr.write(
      again ? 'Still stopping: the state is being left valid.\n' : '\nStopping: this takes seconds.\n',
    );
    controller.abort();
  };
  for (const name of signals) host.on(name, onSignal);
  return {
    signal: controller.signal,
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
  if (argv.includes('--json')) printJson(io, failedReport(argv[0] ?? '', told));
  return exitCodes.usage;
}
