import { type ExitCode, exitCodes } from '../errors.ts';
import type { Emit } from '../events.ts';
import { type CheckRunOptions, openCheckRun } from '../pipeline/check-run.ts';
import { storedSwarm } from '../pipeline/unlock-keys.ts';
import { watchCluster } from '../pipeline/watch.ts';
import type { WatchEvent } from '../report/answers.ts';
import { noteLine } from '../report/note.ts';
import { watchLine } from '../report/watch.ts';
import type { CommandContext, FleetOptions } from './context.ts';
import { loadSelection } from './fleet-command.ts';
import { prepareStateTools } from './toolchain.ts';

export interface WatchOptions extends FleetOptions {
  /** Seconds between two looks. */
  interval: number;
}

/**
 * `swarmctl watch`: unlocks managers that come back locked, until it is told to stop. To be stopped is its usual end,
 * so that is no failure.
 */
export async function watch(options: WatchOptions, context: CommandContext): Promise<ExitCode> {
  const { env, signal, io } = context;
  context.stopsAtOnce();
  const { fleet, clusters } = await loadSelection(options, context);
  const emit: Emit = (event) => {
    if (event.type === 'note') io.stderr.write(`${noteLine(event, io.errStyle)}\n`);
  };
  const tools = await prepareStateTools(fleet, {}, context, emit);
  const opening = { fleet, tools, env, signal, emit };
  // A state that cannot be read is to be known before a manager is locked.
  await withState(opening, async () => {});
  const tell = (event: Omit<WatchEvent, 'time'>) => {
    const told = { time: new Date().toISOString(), ...event };
    io.stdout.write(`${options.json ? JSON.stringify(told) : watchLine(told, io.outStyle)}\n`);
  };
  const names = clusters.map(({ name }) => name).join(', ');
  if (!options.json) io.stderr.write(`Watching the managers of ${names}.\n`);
  await Promise.all(
    clusters.map((cluster) => {
      const storedKeys = () =>
        withState(opening, async (run) => (await storedSwarm(run, cluster)).unlockKeys);
      return watchCluster(
        { fleet, cluster, signal, storedKeys },
        { intervalMs: options.interval * 1000, tell },
      );
    }),
  );
  return exitCodes.done;
}

/** Opens the state anew each time: it changes while it is watched over. */
async function withState<T>(
  opening: CheckRunOptions,
  work: (run: Awaited<ReturnType<typeof openCheckRun>>['run']) => Promise<T>,
): Promise<T> {
  const { run, close } = await openCheckRun(opening);
  try {
    return await work(run);
  } finally {
    await close();
  }
}
