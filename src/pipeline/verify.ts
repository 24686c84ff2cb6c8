import { readClusterState } from '../docker/cluster-state.ts';
import { waitUntil } from '../docker/deadline.ts';
import type { Swarm } from '../docker/swarm.ts';
import type { Task } from '../docker/tasks.ts';
import { SwarmctlError } from '../errors.ts';
import type { ClusterReport, ServiceReport } from '../report/report.ts';
import type { ClusterContext } from './cluster.ts';

/** How long the swarm may take to start tasks that had no image before, in milliseconds; it tries every few seconds. */
const settlingMs = 60_000;

/**
 * Looks at the swarm once more: what was done counts when it runs.
 * @param options.settles whether the swarm may still be starting tasks that could not run before.
 */
export async function verifyCluster(
  { stages, swarm, run, report }: ClusterContext,
  { settles }: { settles: boolean },
): Promise<void> {
  let short: ServiceReport[] = [];
  const check = async () => {
    Object.assign(report, await readClusterState(swarm, run.fleet.name));
    short = incomplete(report);
    if (short.length > 0) return undefined;
    return !settles || (await isSettled(swarm, run.fleet.name)) ? true : undefined;
  };
  const options = { deadlineMs: settles ? settlingMs : 0, signal: run.signal };
  await stages.run(
    'verify',
    () =>
      waitUntil('All services being complete', check, options).catch((error: unknown) => {
        const isLate = error instanceof SwarmctlError && error.code === 'timeout' && short.length > 0;
        throw isLate ? notComplete(report, short) : error;
      }),
    () => `${report.services.length} services, ${report.nodes.length} nodes`,
  );
}

/** @throws SwarmctlError `service-failed` when a service of the stack has too few tasks now. */
export async function checkComplete(swarm: Swarm, stack: string, report: ClusterReport): Promise<void> {
  Object.assign(report, await readClusterState(swarm, stack));
  const short = incomplete(report);
  if (short.length > 0) throw notComplete(report, short);
}

/** A task that is to start again after a while is not counted by its service. */
async function isSettled(swarm: Swarm, stack: string): Promise<boolean> {
  const filters = { label: [`com.docker.stack.namespace=${stack}`] };
  const tasks = await swarm.ask(
    'listing the tasks',
    async (api) => (await api.listTasks({ filters })) as Task[],
  );
  const wanted = tasks.filter(({ DesiredState }) => DesiredState === 'running' || DesiredState === 'ready');
  return wanted.every(({ Status }) => Status.State === 'running');
}

function incomplete({ services }: ClusterReport): ServiceReport[] {
  return services.filter(({ running, desired }) => running < desired);
}

function notComplete({ services }: ClusterReport, short: ServiceReport[]): SwarmctlError {
  return new SwarmctlError(
    'service-failed',
    `${short.length} of ${services.length} services are not complete.`,
    {
      details: short.map(({ name, running, desired }) => `${name}: ${running} of ${desired} tasks run`),
      hint: 'See why with `docker service ps`, and run swarmctl up again.',
    },
  );
}
