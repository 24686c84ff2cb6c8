import { openSwarm, type Swarm } from '../docker/swarm.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import type { ClusterAnswer } from '../report/answers.ts';
import { errorReport } from '../report/error.ts';
import { managersOf } from './machines.ts';
import { mapParallel } from './parallel.ts';

/** How long a cluster has to answer, in milliseconds: a person is waiting. */
export const answerDeadlineMs = 15_000;

/** A cluster that is asked. */
export interface AskedCluster {
  fleet: Fleet;
  cluster: Cluster;
  swarm: Swarm;
}

export interface AskOptions {
  /** Clusters that are asked at the same time. */
  parallel: number;
  signal: AbortSignal;
}

/**
 * Puts a question to clusters. Neither Pulumi nor its state is needed.
 * @returns an answer for each, in their order; one that cannot be asked has its error in the place of it.
 */
export function askClusters<Answer extends object>(
  fleet: Fleet,
  clusters: readonly Cluster[],
  { parallel, signal }: AskOptions,
  question: (asked: AskedCluster) => Promise<Answer>,
): Promise<ClusterAnswer<Answer>[]> {
  return mapParallel(clusters, parallel, async (cluster) => {
    const { name, region } = cluster;
    const swarm = openSwarm(managersOf(fleet, cluster), { deadlineMs: answerDeadlineMs, signal });
    try {
      return { name, region, ...(await question({ fleet, cluster, swarm })) };
    } catch (error) {
      return { name, region, error: errorReport(error) } as ClusterAnswer<Answer>;
    } finally {
      swarm.close();
    }
  });
}
