import { exitCodes, SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';
import { type Choice, chooseTargets, runningTasks, type Target, whileRunning } from '../pipeline/exec.ts';
import { mapParallel } from '../pipeline/parallel.ts';
import { errorLines, errorReport } from '../report/error.ts';
import type { Io } from '../report/io.ts';
import { createTargetPrinter } from '../report/logs.ts';
import { onResize, terminalSize, whileRaw } from '../report/raw-terminal.ts';
import { whileRead, writeOut } from '../report/while-read.ts';
import type { CommandContext } from './context.ts';
import { type ReadOptions, readClusters } from './read-clusters.ts';

export interface ExecOptions extends ReadOptions {
  interactive?: boolean;
  tty?: boolean;
  task?: string;
  node?: string;
  all?: boolean;
}

/** `swarmctl exec`: runs a command in a task of a service. The exit code is the command's. */
export async function exec(
  service: string,
  command: string[],
  options: ExecOptions,
  context: CommandContext,
): Promise<number> {
  context.stopsAtOnce();
  checkTerminal(options, context.io);
  const { fleet, clusters, exitCode } = await readClusters(options, context, runningTasks);
  const choice: Choice = { service, task: options.task, node: options.node };
  const targets = chooseTargets(fleet, clusters, choice);
  if (options.all) {
    const worst = await runOnAll(fleet, targets, command, options.parallel, context);
    return worst === exitCodes.done ? exitCode : worst;
  }
  const [target] = targets as [Target];
  tellChoice(target, targets.length, context.io);
  const { exitCode: ended, stopped } = await whileRead(context.io, context.signal, (signal) =>
    runOne(fleet, target, command, options, { io: context.io, signal }),
  );
  return stopped === 'interrupted' ? exitCodes.interrupted : (ended ?? exitCodes.done);
}

/** @throws SwarmctlError `usage` where a terminal is asked for that is not there. */
function checkTerminal({ tty, interactive, all }: ExecOptions, io: Io): void {
  if (all && (tty || interactive)) {
    throw new SwarmctlError('usage', '--all takes neither -i nor -t: there is one terminal and one input');
  }
  if (tty && (io.stdout.isTTY !== true || (interactive && io.stdin.isTTY !== true))) {
    throw new SwarmctlError('usage', 'stdin or stdout is not a terminal, so -t cannot be used', {
      hint: 'Leave -t out; -i alone passes on what is piped in.',
    });
  }
}

function tellChoice({ cluster, task }: Target, count: number, io: Io): void {
  if (count === 1) return;
  const { chalk } = io.errStyle;
  io.stderr.write(
    chalk.dim(
      `${cluster}: ${task.name} on ${task.node}, 1 of ${count} tasks; --task, --node or --all for others\n`,
    ),
  );
}

async function runOne(
  fleet: Fleet,
  target: Target,
  command: readonly string[],
  { tty = false, interactive = false }: ExecOptions,
  { io, signal }: { io: Io; signal: AbortSignal },
): Promise<number> {
  const started = { command, input: interactive, ...(tty && { terminal: terminalSize(io) }) };
  return whileRunning(fleet, target, started, async (running) => {
    const stopResizing = tty
      ? onResize(io, () => void running.resize(terminalSize(io)).catch(() => {}))
      : () => {};
    const onAbort = () => running.close();
    signal.addEventListener('abort', onAbort);
    if (interactive) io.stdin.pipe(running.input);
    const show = async () => {
      for await (const { stream, data } of running.output()) {
        if (stream === 'stderr') io.stderr.write(data);
        else await writeOut(io, data, signal);
      }
      return running.exitCode();
    };
    try {
      return await (tty && interactive ? whileRaw(io, show) : show());
    } finally {
      signal.removeEventListener('abort', onAbort);
      stopResizing();
      // A terminal that is still read keeps the process from ending.
      if (interactive) io.stdin.unpipe(running.input).pause();
    }
  });
}

/** @returns the highest of the exit codes. */
async function runOnAll(
  fleet: Fleet,
  targets: readonly Target[],
  command: readonly string[],
  parallel: number,
  { io, signal }: CommandContext,
): Promise<number> {
  const print = createTargetPrinter(io, targets);
  const codes = await mapParallel(targets, parallel, async (target) => {
    try {
      return await whileRunning(fleet, target, { command, input: false }, async (running) => {
        const onAbort = () => running.close();
        signal.addEventListener('abort', onAbort);
        for await (const { data } of running.output()) await print(target, data, signal);
        await print(target, undefined, signal);
        signal.removeEventListener('abort', onAbort);
        return running.exitCode();
      });
    } catch (error) {
      const subject = `${target.cluster}, ${target.task.name}`;
      io.stderr.write(`${errorLines(errorReport(error), io.errStyle, subject).join('\n')}\n`);
      return exitCodes.failed;
    }
  });
  return signal.aborted ? exitCodes.interrupted : Math.max(...codes);
}
