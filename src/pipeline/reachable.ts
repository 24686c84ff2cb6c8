import { SwarmctlError } from '../errors.ts';
import type { ClusterContext } from './cluster.ts';

/** How long a cluster has to answer at the start of a run, in milliseconds: an election takes up to about 20 s. */
const answerDeadlineMs = 30_000;

/**
 * Makes sure once, before anything else, that a cluster which is known to be there answers: otherwise each of the
 * steps that follow would look for its managers in vain. One whose engines say that they are in no swarm passes.
 * @throws SwarmctlError `unreachable` or `no-quorum`.
 */
export async function checkReachable({ swarm, exists }: ClusterContext): Promise<void> {
  if (!exists.apps) return;
  try {
    await swarm.ask('asking for the swarm', (api) => api.swarmInspect(), undefined, answerDeadlineMs);
  } catch (error) {
    if (!(error instanceof SwarmctlError && error.code === 'no-swarm')) throw error;
  }
}
