import { join } from 'node:path';
import { stackVersion } from '../engine/state-files.ts';
import { describeHolder, isDead, lockHolders } from '../engine/state-locks.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import { describeOwner, lockOwner } from '../toolchain/lock.ts';
import type { FleetState } from './fleet-state.ts';

/** A cluster's stacks and where its state is. */
export interface StateOf {
  project: string;
  cluster: Pick<Cluster, 'name'>;
  state: FleetState;
  stacks: readonly string[];
}

/**
 * Does `look` while nobody works on the cluster: what is half done is neither drift nor clean.
 * @throws SwarmctlError `locked` when another run works on it, or has changed its state meanwhile.
 */
export async function whileIdle<T>(where: StateOf, look: () => Promise<T>): Promise<T> {
  await checkIdle(where);
  const before = await versions(where);
  const seen = await look();
  await checkIdle(where);
  if ((await versions(where)) === before) return seen;
  throw new SwarmctlError(
    'locked',
    `Another run changed cluster ${where.cluster.name} while it was looked at.`,
    { hint: 'Check again when it has ended.' },
  );
}

async function checkIdle({ project, cluster, state, stacks }: StateOf): Promise<void> {
  const owner = await lockOwner(join(state.folder, 'locks', cluster.name));
  const holders = await Promise.all(stacks.map((stack) => lockHolders(state.backend, project, stack)));
  const others = [
    ...(owner?.isAlive ? [describeOwner(owner)] : []),
    ...holders
      .flat()
      .filter((holder) => !isDead(holder))
      .map(describeHolder),
  ];
  if (others.length === 0) return;
  throw new SwarmctlError(
    'locked',
    `A run of swarmctl works on cluster ${cluster.name}: it was not checked.`,
    {
      details: others,
      hint: 'Check again when it has ended.',
    },
  );
}

async function versions({ project, state, stacks }: StateOf): Promise<string> {
  const all = await Promise.all(stacks.map((stack) => stackVersion(state.backend, project, stack)));
  return all.join();
}
