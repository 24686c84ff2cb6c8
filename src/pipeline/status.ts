import { readClusterState } from '../docker/cluster-state.ts';
import { findMissingImages } from '../docker/missing-images.ts';
import { openSwarm } from '../docker/swarm.ts';
import type { Emit } from '../events.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import type { ClusterReport, NodeReport } from '../report/report.ts';
import { answerDeadlineMs } from './ask-clusters.ts';
import { reportOn } from './cluster.ts';
import { type Machine, machinesOf, managersOf } from './machines.ts';
import { lockStates } from './unlock.ts';

/**
 * Asks one cluster what runs in it. Neither Pulumi nor its state is needed.
 * @returns its one result; a cluster that cannot be asked has failed.
 */
export function clusterStatus(
  fleet: Fleet,
  cluster: Cluster,
  { emit, signal }: { emit: Emit; signal: AbortSignal },
): Promise<ClusterReport> {
  return reportOn(cluster, emit, async (stages, report) => {
    const swarm = openSwarm(managersOf(fleet, cluster), { deadlineMs: answerDeadlineMs, signal });
    try {
      await stages.run('status', async () => {
        const [state, missingImages, { locked }] = await Promise.all([
          readClusterState(swarm, fleet.name),
          findMissingImages(swarm, fleet.name, machinesOf(fleet, cluster)),
          lockStates(fleet, cluster),
        ]);
        Object.assign(report, { ...state, nodes: withLocked(state.nodes, locked), missingImages });
      });
      return 'unchanged';
    } finally {
      swarm.close();
    }
  });
}

/** Of a manager that was restarted the others say no more than that it is down, and that only after a while. */
function withLocked(nodes: readonly NodeReport[], locked: readonly Machine[]): NodeReport[] {
  return nodes.map((node) =>
    locked.some(({ name }) => name === node.name) ? { ...node, state: 'locked' } : node,
  );
}
