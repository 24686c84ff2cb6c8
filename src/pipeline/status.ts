import { readClusterState } from '../docker/cluster-state.ts';
import { findMissingImages } from '../docker/missing-images.ts';
import { openSwarm } from '../docker/swarm.ts';
import type { Emit } from '../events.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import type { ClusterReport } from '../report/report.ts';
import { answerDeadlineMs } from './ask-clusters.ts';
import { reportOn } from './cluster.ts';
import { machinesOf, managersOf } from './machines.ts';

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
        const [state, missingImages] = await Promise.all([
          readClusterState(swarm, fleet.name),
          findMissingImages(swarm, fleet.name, machinesOf(fleet, cluster)),
        ]);
        Object.assign(report, { ...state, missingImages });
      });
      return 'unchanged';
    } finally {
      swarm.close();
    }
  });
}
