import { type ExitCode, exitCodes, SwarmctlError } from '../errors.ts';
import { mergedLogs } from '../pipeline/logs.ts';
import { namedServices } from '../pipeline/named-services.ts';
import { clusterTasks } from '../pipeline/tasks.ts';
import { errorLines } from '../report/error.ts';
import type { Io } from '../report/io.ts';
import { createLogPrinter } from '../report/logs.ts';
import { whileRead } from '../report/while-read.ts';
import type { CommandContext } from './context.ts';
import { type Answers, type ReadOptions, readClusters } from './read-clusters.ts';

export interface LogsOptions extends ReadOptions {
  follow?: boolean;
  since?: string;
  tail?: number;
  timestamps?: boolean;
}

/** `swarmctl logs`: the logs of services in all selected clusters, in the order of time. */
export async function logs(
  names: string[],
  options: LogsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { follow = false, tail, timestamps = false, json = false } = options;
  context.stopsAtOnce();
  const query = { follow, tail, since: sinceOf(options.since, Date.now()) };
  const read = await readClusters(options, context, (asked) => clusterTasks(asked, { all: false }));
  const { exitCode, stopped } = await whileRead(context.io, context.signal, (signal) =>
    printLogs(read, names, { query, signal, timestamps, json }, context.io),
  );
  if (stopped === 'interrupted') return exitCodes.interrupted;
  return read.exitCode === exitCodes.done ? (exitCode ?? exitCodes.done) : read.exitCode;
}

interface PrintOptions {
  query: { follow: boolean; since: string | undefined; tail: number | undefined };
  signal: AbortSignal;
  timestamps: boolean;
  json: boolean;
}

async function printLogs(
  { fleet, clusters }: Answers<{ services: string[] }>,
  names: readonly string[],
  { query, signal, timestamps, json }: PrintOptions,
  io: Io,
): Promise<ExitCode> {
  const known = [...new Set(clusters.flatMap(({ services = [] }) => services))].sort();
  const wanted = new Set(namedServices(fleet.name, names, known));
  const followed = clusters.flatMap(({ name, services = [] }) => {
    const cluster = fleet.clusters.find((candidate) => candidate.name === name);
    return cluster ? [{ cluster, services: services.filter((service) => wanted.has(service)) }] : [];
  });
  let isComplete = true;
  const lines = mergedLogs(fleet, {
    query,
    clusters: followed,
    signal,
    onTrouble({ cluster, error, goesOn }) {
      isComplete &&= goesOn;
      const subject = goesOn ? `${cluster}: broke off, trying again` : cluster;
      io.stderr.write(`${errorLines(error, io.errStyle, subject).join('\n')}\n`);
    },
  });
  const print = createLogPrinter(io, { timestamps, json, clusters: clusters.map(({ name }) => name) });
  for await (const line of lines) {
    if (signal.aborted) break;
    await print(line, signal);
  }
  return isComplete ? exitCodes.done : exitCodes.failed;
}

const secondsPerUnit: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/**
 * The time that `--since` means, in seconds since 1970, as the Engine API takes it.
 * @param now in milliseconds since 1970.
 * @throws SwarmctlError `usage`.
 */
export function sinceOf(text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  if (/^(\d+(\.\d+)?[dhms])+$/.test(text)) {
    const parts = [...text.matchAll(/([\d.]+)([dhms])/g)];
    const seconds = parts.reduce(
      (sum, [, amount, unit = '']) => sum + Number(amount) * (secondsPerUnit[unit] ?? 0),
      0,
    );
    return (now / 1000 - seconds).toFixed(3);
  }
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (!Number.isNaN(time)) return (time / 1000).toFixed(3);
  throw new SwarmctlError('usage', `--since: "${text}" is no time and no duration`, {
    hint: 'Write 10m, 1h30m, or a time such as 2026-11-21T16:00:00Z.',
  });
}
