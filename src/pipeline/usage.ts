import { setTimeout as sleep } from 'node:timers/promises';
import { sampleUsage, type UsageSample } from '../docker/container-usage.ts';
import { openEngine } from '../docker/engine.ts';
import { readStackTasks, type StackTask } from '../docker/stack-tasks.ts';
import type { ClusterUsage, UsageReport } from '../report/answers.ts';
import { errorReport } from '../report/error.ts';
import type { AskedCluster } from './ask-clusters.ts';
import { endpointOf } from './exec.ts';
import { isNamed } from './named-services.ts';

/** A task with what it took at two moments. */
export interface MeasuredTask {
  task: Pick<StackTask, 'id' | 'service' | 'memoryLimitBytes'>;
  /** Missing in a task that has just started. */
  before?: UsageSample | undefined;
  now: UsageSample;
}

/** What was measured at the last look, by the id of the task. */
export type Samples = Map<string, UsageSample>;

/** How far apart the two samples of a first look are, in milliseconds. */
const firstLookMs = 1_000;

/**
 * Measures what the services of a cluster take, by the engines of the nodes that run their tasks.
 * @param names of services; all where there are none.
 * @param last what was measured before; it becomes what is measured now.
 */
export async function clusterUsage(
  { fleet, cluster, swarm }: AskedCluster,
  names: readonly string[],
  last: Samples,
): Promise<ClusterUsage & { known: string[] }> {
  const { services, tasks } = await readStackTasks(swarm, fleet.name);
  const isWanted = (service: string) =>
    names.length === 0 || names.some((name) => isNamed(service, name, fleet.name));
  const running = tasks.filter(({ state, service }) => state === 'running' && isWanted(service));
  const looks = await Promise.all(
    [...Map.groupBy(running, ({ node }) => node)].map(async ([node, own]) => {
      try {
        return { measured: await measureNode(endpointOf(fleet, cluster.name, node), own, last) };
      } catch (error) {
        return { unmeasured: { node, error: errorReport(error) } };
      }
    }),
  );
  const measured = looks.flatMap((look) => look.measured ?? []);
  last.clear();
  for (const { task, now } of measured) last.set(task.id, now);
  return {
    known: services.map(({ name }) => name),
    services: usageByService(measured),
    unmeasured: looks.flatMap((look) => look.unmeasured ?? []),
  };
}

async function measureNode(
  endpoint: string,
  tasks: readonly StackTask[],
  last: Samples,
): Promise<MeasuredTask[]> {
  const engine = openEngine(endpoint);
  const look = async () => {
    const samples = await Promise.all(
      tasks.map(async ({ id, containerId = '' }) => [id, await sampleUsage(engine, containerId)] as const),
    );
    return new Map(samples);
  };
  try {
    const isFirst = last.size === 0;
    const before: ReadonlyMap<string, UsageSample | undefined> = isFirst ? await look() : new Map(last);
    if (isFirst) await sleep(firstLookMs);
    const now = await look();
    return tasks.flatMap((task) => {
      const sample = now.get(task.id);
      return sample ? [{ task, before: before.get(task.id), now: sample }] : [];
    });
  } finally {
    engine.close();
  }
}

/** The sums of the tasks of each service. */
export function usageByService(measured: readonly MeasuredTask[]): UsageReport[] {
  const groups = [...Map.groupBy(measured, ({ task }) => task.service)];
  return groups
    .map(([service, tasks]) => {
      const limits = tasks.map(({ task }) => task.memoryLimitBytes);
      const limit = limits.every((one) => one !== undefined) ? sum(limits) : undefined;
      return {
        service,
        tasks: tasks.length,
        cpuPercent: Math.round(sum(tasks.map(cpuPercent)) * 100) / 100,
        memoryBytes: sum(tasks.map(({ now }) => now.memoryBytes)),
        ...(limit !== undefined && { memoryLimitBytes: limit }),
      };
    })
    .sort((a, b) => a.service.localeCompare(b.service));
}

/** Of one CPU. A container that was started anew in between counts from 0 again. */
function cpuPercent({ before, now }: MeasuredTask): number {
  if (!before || now.atMs <= before.atMs) return 0;
  return Math.max(0, (100 * (now.cpuMs - before.cpuMs)) / (now.atMs - before.atMs));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
