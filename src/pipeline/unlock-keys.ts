import { openSwarm, type Swarm } from '../docker/swarm.ts';
import type { Stack } from '../engine/stack.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { Run } from './run.ts';

/** The swarm of a cluster, as the state holds it. */
export interface StoredSwarm {
  stack: Stack;
  urn: string;
  /** Secret: for engines and for who asks for them, and for nothing else. The newest first. */
  unlockKeys: readonly string[];
}

/**
 * Reads the swarm of a cluster from the state.
 * @param swarm that what is done to the stack needs; reading it needs none.
 * @throws SwarmctlError `not-found` when the state has no such swarm.
 */
export async function storedSwarm(
  { workspace, existing }: Pick<Run, 'workspace' | 'existing'>,
  { name }: Cluster,
  swarm: Swarm = openSwarm([]),
): Promise<StoredSwarm> {
  if (!existing.has(name)) throw notStored(name);
  const stack = await workspace.open({ name, program: async () => {}, swarm });
  const stored = await stack.stored({ type: 'swarm:index:Swarm', name });
  if (!stored) throw notStored(name);
  const { unlockKeys = [] } = stored.outputs as { unlockKeys?: string[] };
  return { stack, urn: stored.urn, unlockKeys };
}

function notStored(cluster: string): SwarmctlError {
  return new SwarmctlError('not-found', `The state holds no swarm of cluster ${cluster}.`, {
    hint: '`swarmctl up` forms it; one that runs already is taken over by `swarmctl adopt`.',
  });
}
