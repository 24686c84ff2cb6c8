import { formatSeconds, waitUntil } from '../docker/deadline.ts';
import { isFailed, type Task, taskEvidence } from '../docker/tasks.ts';
import { SwarmctlError } from '../errors.ts';
import type { ClusterContext } from './cluster.ts';
import { checkComplete } from './verify.ts';

const intervalMs = 1_000;
/** How long the swarm may take to answer at the end, beyond the soak itself, in milliseconds. */
const graceMs = 60_000;

/**
 * Watches a canary: for so long none of its tasks may fail, and at the end all services have to be complete.
 * @throws SwarmctlError `service-failed` at the first task that fails, with its evidence.
 */
export async function soakCluster(context: ClusterContext, soakMs: number): Promise<void> {
  const { stages, run, swarm } = context;
  const earlier = new Set((await stackTasks(context)).map(({ ID, Status }) => `${ID} ${Status.State}`));
  const end = performance.now() + soakMs;
  const watch = async (onProgress: (message: string) => void) => {
    const check = async () => {
      const failed = (await stackTasks(context)).find(
        (task) => hasEnded(task) && !earlier.has(`${task.ID} ${task.Status.State}`),
      );
      if (failed) throw await canaryFailed(context, failed, soakMs);
      const leftMs = end - performance.now();
      onProgress(`${Math.ceil(Math.max(0, leftMs) / 1_000)} s left`);
      return leftMs <= 0 ? true : undefined;
    };
    const options = {
      deadlineMs: soakMs + graceMs,
      intervalMs: Math.min(intervalMs, soakMs),
      signal: run.signal,
    };
    await waitUntil(`The soak of ${context.cluster.name}`, check, options);
    await checkComplete(swarm, run.fleet.name, context.report);
  };
  await stages.run('soak', watch, () => `healthy for ${formatSeconds(soakMs)}`);
}

/** A task of a service that ended by itself; one whose health check fails may end without a failure of its own. */
function hasEnded(task: Task): boolean {
  return isFailed(task) || (task.Status.State === 'complete' && task.JobIteration === undefined);
}

async function stackTasks({ swarm, run }: ClusterContext): Promise<Task[]> {
  const filters = { label: [`com.docker.stack.namespace=${run.fleet.name}`] };
  return swarm.ask('listing the tasks', async (api) => (await api.listTasks({ filters })) as Task[]);
}

async function canaryFailed(
  { swarm, cluster }: ClusterContext,
  task: Task,
  soakMs: number,
): Promise<SwarmctlError> {
  return new SwarmctlError(
    'service-failed',
    `A task failed while ${cluster.name} was watched as the canary, for ${formatSeconds(soakMs)}.`,
    {
      details: await taskEvidence(swarm, task),
      hint: 'Fix the cause and run swarmctl up again.',
    },
  );
}
