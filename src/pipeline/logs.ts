import { type LogQuery, readServiceLog } from '../docker/service-logs.ts';
import { readStackTasks } from '../docker/stack-tasks.ts';
import { openSwarm, type Swarm } from '../docker/swarm.ts';
import type { SwarmctlError } from '../errors.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import type { LogEntry } from '../report/answers.ts';
import { errorReport } from '../report/error.ts';
import type { ErrorReport } from '../report/report.ts';
import { managersOf } from './machines.ts';
import { inTimeOrder } from './time-order.ts';
import { unbrokenLog } from './unbroken-log.ts';

export interface LogsOptions {
  query: LogQuery;
  /** What is followed, by cluster. */
  clusters: readonly { cluster: Cluster; services: readonly string[] }[];
  signal: AbortSignal;
  /** A log that ended for good, or that broke off and is being opened anew. */
  onTrouble(trouble: { cluster: string; error: ErrorReport; goesOn: boolean }): void;
}

/** A line that is followed is held back this long for earlier ones of other clusters, in milliseconds. */
const followHoldMs = 500;
const followBytes = 8 * 1024 ** 2;
/** What is not followed is in exact order up to this much, in bytes. */
const wholeBytes = 64 * 1024 ** 2;
/** Names of tasks that are not known are asked for at most once in this time, in milliseconds. */
const namingMs = 1_000;

/** The logs of services in several clusters, in the order of time. */
export function mergedLogs(fleet: Fleet, options: LogsOptions): AsyncIterable<LogEntry> {
  const { follow } = options.query;
  const sources = options.clusters.flatMap(({ cluster, services }) => {
    const nameTask = createTaskNames(fleet, cluster, options.signal);
    return services.map((service) => serviceEntries(fleet, cluster, service, nameTask, options));
  });
  return inTimeOrder(
    sources,
    follow
      ? { holdMs: followHoldMs, maxBytes: followBytes }
      : { holdMs: Number.POSITIVE_INFINITY, maxBytes: wholeBytes },
  );
}

/** Each log has a connection of its own: those of one engine are few, and one that is followed keeps its. */
async function* serviceEntries(
  fleet: Fleet,
  cluster: Cluster,
  service: string,
  nameTask: NameTask,
  { query, signal, onTrouble }: LogsOptions,
): AsyncGenerator<LogEntry> {
  const tell = (goesOn: boolean) => (error: unknown) =>
    onTrouble({ cluster: cluster.name, error: errorReport(error), goesOn });
  const open = (part: LogQuery) => fromAnyManager(fleet, cluster, service, part, signal);
  const onBroken: (error: SwarmctlError) => void = tell(true);
  try {
    for await (const { taskId, ...line } of unbrokenLog(open, { query, signal, onBroken })) {
      yield { cluster: cluster.name, service, ...(await nameTask(taskId)), ...line };
    }
  } catch (error) {
    tell(false)(error);
  }
}

async function* fromAnyManager(
  fleet: Fleet,
  cluster: Cluster,
  service: string,
  query: LogQuery,
  signal: AbortSignal,
) {
  const swarm = openSwarm(managersOf(fleet, cluster), { signal });
  try {
    yield* readServiceLog(swarm, service, query, signal);
  } finally {
    swarm.close();
  }
}

type NameTask = (taskId: string) => Promise<{ task: string; node: string }>;

/** Tells a task's name and node by its id; the swarm is asked when a new one comes up. */
function createTaskNames(fleet: Fleet, cluster: Cluster, signal: AbortSignal): NameTask {
  let known = new Map<string, { task: string; node: string }>();
  let asked: Promise<void> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  const ask = async () => {
    const swarm = openSwarm(managersOf(fleet, cluster), { signal, deadlineMs: namingMs * 5 });
    try {
      known = await taskNames(swarm, fleet.name);
    } catch {
      // A line without its task's name is better than none.
    } finally {
      swarm.close();
    }
  };

  return async (taskId) => {
    if (!known.has(taskId) && performance.now() - askedAt >= namingMs) {
      askedAt = performance.now();
      asked = ask();
    }
    if (!known.has(taskId)) await asked;
    return known.get(taskId) ?? { task: taskId.slice(0, 12), node: '' };
  };
}

async function taskNames(swarm: Swarm, stack: string): Promise<Map<string, { task: string; node: string }>> {
  const { tasks } = await readStackTasks(swarm, stack);
  return new Map(tasks.map(({ id, name, node }) => [id, { task: name, node }]));
}
