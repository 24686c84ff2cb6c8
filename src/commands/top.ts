import { setTimeout as sleep } from 'node:timers/promises';
import { combinedExitCode, type ExitCode, exitCodes } from '../errors.ts';
import { namedServices } from '../pipeline/named-services.ts';
import { clusterUsage, type Samples } from '../pipeline/usage.ts';
import type { ClusterUsage } from '../report/answers.ts';
import { printJson } from '../report/json.ts';
import { createRedrawn, usageFailures, usageLines } from '../report/usage.ts';
import { whileRead } from '../report/while-read.ts';
import type { CommandContext } from './context.ts';
import {
  type Answers,
  answersExitCode,
  answersReport,
  askSelection,
  type ReadOptions,
} from './read-clusters.ts';

export interface TopOptions extends ReadOptions {
  /** False with `--no-stream`. */
  stream: boolean;
}

/** Milliseconds from one look to the next. */
const intervalMs = 2_000;

/** `swarmctl top`: what the services of all selected clusters take of CPU and memory. */
export async function top(names: string[], options: TopOptions, context: CommandContext): Promise<ExitCode> {
  context.stopsAtOnce();
  const { io } = context;
  const look = createLook(names, options, context);
  if (!options.stream || options.json || io.stdout.isTTY !== true)
    return showOnce(await look(), options, context);
  const draw = createRedrawn(io);
  const { stopped } = await whileRead(io, context.signal, async (signal) => {
    while (!signal.aborted) {
      const { clusters } = await look();
      draw([...usageLines(clusters, io.outStyle), ...usageFailures(clusters, io.outStyle)]);
      await sleep(intervalMs, undefined, { signal }).catch(() => {});
    }
  });
  return stopped === 'interrupted' ? exitCodes.interrupted : exitCodes.done;
}

type Look = Omit<Answers<ClusterUsage>, 'exitCode'>;

/** Each look after the first one tells what was taken since the one before. */
function createLook(
  names: readonly string[],
  options: TopOptions,
  context: CommandContext,
): () => Promise<Look> {
  const samples = new Map<string, Samples>();
  return async () => {
    const { fleet, clusters } = await askSelection(options, context, (asked) => {
      const last = samples.get(asked.cluster.name) ?? new Map();
      samples.set(asked.cluster.name, last);
      return clusterUsage(asked, names, last);
    });
    namedServices(fleet.name, names, [...new Set(clusters.flatMap(({ known = [] }) => known))].sort());
    return { fleet, clusters: clusters.map(({ known: _, ...answer }) => answer as Look['clusters'][number]) };
  };
}

function showOnce(look: Look, { json }: TopOptions, { io }: CommandContext): ExitCode {
  const failures = usageFailures(look.clusters, io.errStyle);
  if (failures.length > 0) io.stderr.write(`${failures.join('\n')}\n`);
  const isPartial = look.clusters.some(({ unmeasured = [] }) => unmeasured.length > 0);
  const exitCode = combinedExitCode([
    answersExitCode(look.clusters),
    isPartial ? exitCodes.failed : exitCodes.done,
  ]);
  const lines = usageLines(look.clusters, io.outStyle);
  if (json) printJson(io, answersReport('top', { ...look, exitCode }));
  else if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
  return exitCode;
}
