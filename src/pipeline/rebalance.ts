import type { ServiceSpec } from '../docker/engine-spec.ts';
import type { PlacementNode } from '../docker/placement.ts';
import { unevenServices } from '../docker/spread.ts';
import type { Swarm } from '../docker/swarm.ts';
import type { Task } from '../docker/tasks.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, UnevenService } from '../report/report.ts';
import { warn } from './cluster.ts';
import { forceUpdate, type LockedCluster, type Work, withServices } from './restart.ts';

/** Lets the moves of a cluster pass, or throws the refusal. */
export type ApproveMoves = (cluster: Cluster, uneven: readonly UnevenService[]) => Promise<void>;

/** How often all tasks of a service are replaced at most. */
const maxRounds = 3;

/**
 * Spreads the tasks of a cluster's services evenly again, as far as the scheduler does: all tasks of those that are not
 * are replaced, one service after the other. A swarm moves no task by itself when a node comes back.
 */
export function rebalanceCluster(
  work: Work,
  cluster: Cluster,
  approve: ApproveMoves,
): Promise<ClusterReport> {
  return withServices(work, cluster, async (locked) => {
    const { stages, swarm, report, fleet } = locked;
    const uneven = await stages.run('find', () => findUneven(swarm, fleet.name), describeUneven);
    report.uneven = uneven;
    if (uneven.length === 0) return 'unchanged';
    await stages.run('guard', () => approve(cluster, uneven));
    const left = await stages.run('rebalance', (onProgress) => spreadAnew(locked, uneven, onProgress));
    if (left.length > 0) {
      const names = left.map(({ service }) => service).join(', ');
      warn(work, cluster, `Not evenly spread even so, by the scheduler's own rules: ${names}`);
    }
    return 'updated';
  });
}

/**
 * Where new tasks start before the old ones stop, the scheduler counts both, and the last of them may come to stand
 * together: the services that are left are done again.
 * @returns what is uneven at last.
 */
async function spreadAnew(
  locked: LockedCluster,
  uneven: readonly UnevenService[],
  onProgress: (text: string) => void,
): Promise<UnevenService[]> {
  const names = uneven.map(({ service }) => service);
  let left = [...uneven];
  for (let round = 1; round <= maxRounds && left.length > 0; round++) {
    for (const { service } of left) await forceUpdate(locked, service, onProgress);
    const now = await findUneven(locked.swarm, locked.fleet.name);
    left = now.filter(({ service }) => names.includes(service));
  }
  return left;
}

async function findUneven(swarm: Swarm, stack: string): Promise<UnevenService[]> {
  const filters = { label: [`com.docker.stack.namespace=${stack}`] };
  const [nodes, services, tasks] = (await Promise.all([
    swarm.ask('listing the nodes', (api) => api.listNodes() as Promise<unknown>),
    swarm.ask('listing the services', (api) => api.listServices({ filters }) as Promise<unknown>),
    swarm.ask('listing the tasks', (api) => api.listTasks({ filters }) as Promise<unknown>),
  ])) as [PlacementNode[], { ID: string; Spec: ServiceSpec }[], Task[]];
  const running = tasks.filter(
    ({ Status, DesiredState }) => Status.State === 'running' && DesiredState === 'running',
  );
  const replicated = services.filter(({ Spec }) => Spec.Mode?.Replicated);
  return unevenServices(
    nodes,
    replicated.map(({ ID, Spec }) => ({
      name: Spec.Name,
      placement: Spec.TaskTemplate.Placement,
      taskNodes: running.filter(({ ServiceID }) => ServiceID === ID).map(({ NodeID = '' }) => NodeID),
    })),
  );
}

function describeUneven(uneven: readonly UnevenService[]): string {
  return uneven.length === 0
    ? 'evenly spread'
    : `unevenly spread: ${uneven.map(({ service }) => service).join(', ')}`;
}
