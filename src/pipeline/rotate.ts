import { changeInSequence, type Swarm } from '../docker/swarm.ts';
import { readUnlockKey, rotateJoinToken, rotateUnlockKey } from '../docker/unlock.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, ResourceStep } from '../report/report.ts';
import type { CheckRun } from './check-run.ts';
import { warn } from './cluster.ts';
import { type LockedCluster, type Work, withServices } from './restart.ts';
import { type StoredSwarm, storedSwarm } from './unlock-keys.ts';

/**
 * Gives the swarm of a cluster another unlock key, and keeps the one before: a manager that is down meanwhile comes
 * back locked with it. The engine makes the key, so it is in the swarm before it is in the state; a run that is killed
 * in between loses nothing, as every reading of the swarm takes the key over from whichever manager is not locked.
 * @returns the cluster's one result.
 */
export function rotateKey(run: CheckRun, cluster: Cluster): Promise<ClusterReport> {
  return withServices(run, cluster, async (locked) => {
    await locked.stages.run('rotate', async (onProgress) => {
      const stored = await storedSwarm(run, cluster, locked.swarm);
      const before = await currentKey(locked);
      const store = () => storeKey(run, cluster, stored, onProgress);
      // A state that cannot be written has to be found out before there is anything to write.
      await store();
      await changeKey(locked.swarm, before);
      await store().catch((error: unknown) => {
        throw notStored(cluster, error);
      });
      record(locked, 'unlockKeys');
    });
    return 'updated';
  });
}

async function currentKey({ swarm, cluster }: LockedCluster): Promise<string> {
  const key = await swarm.ask('reading the unlock key', readUnlockKey);
  if (key !== '') return key;
  throw new SwarmctlError('config', `Autolock is off in cluster ${cluster.name}: there is no unlock key.`, {
    hint: 'Switch it on with `autolock: true` in the fleet file, and run `swarmctl up`.',
  });
}

/** Asked twice, since a manager was lost in between, it changes the key once. */
function changeKey(swarm: Swarm, before: string): Promise<void> {
  return changeInSequence(swarm, 'changing the unlock key', async (api) => {
    if ((await readUnlockKey(api)) === before) await rotateUnlockKey(api);
  });
}

/** What differs elsewhere stays to be told. */
async function storeKey(
  run: CheckRun,
  cluster: Cluster,
  { stack, urn }: StoredSwarm,
  onProgress: (message: string) => void,
): Promise<void> {
  const onWarning = (text: string) => warn(run, cluster, text);
  const listener = { onProgress, onChanged: () => {}, onWarning };
  await stack.refresh({ what: `Storing the key of ${cluster.name}`, signal: run.signal, listener }, [urn]);
}

function notStored({ name }: Cluster, error: unknown): unknown {
  if (!(error instanceof SwarmctlError)) return error;
  const message = `The unlock key of ${name} was changed, and the new one is not in the state yet: ${error.message}`;
  return new SwarmctlError(error.code, message, {
    details: [...error.details],
    hint: 'The managers have it: `swarmctl up` stores it, as long as one of them is not locked.',
    cause: error,
  });
}

/**
 * Gives the swarm of a cluster another join token; nodes that have joined stay. swarmctl keeps none: it asks for one
 * when a node joins.
 * @returns the cluster's one result.
 */
export function rotateToken(
  work: Work,
  cluster: Cluster,
  role: 'manager' | 'worker',
): Promise<ClusterReport> {
  return withServices(work, cluster, async (locked) => {
    await locked.stages.run('rotate', () =>
      changeInSequence(locked.swarm, 'changing the join token', (api) => rotateJoinToken(api, role)),
    );
    record(locked, `joinTokens.${role}`);
    return 'updated';
  });
}

function record({ report, emit, cluster }: LockedCluster, field: string): void {
  const step: ResourceStep = { op: 'update', type: 'Swarm', name: cluster.name, fields: [field] };
  report.steps.push(step);
  report.changes.update += 1;
  emit({ type: 'resource-changed', cluster: cluster.name, step });
}
