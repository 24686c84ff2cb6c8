import { allSettled } from '../bench/all-settled.ts';
import { readClusterState } from '../docker/cluster-state.ts';
import { waitUntil } from '../docker/deadline.ts';
import { openSwarm, type Swarm } from '../docker/swarm.ts';
import { isLocked, memberOf, readUnlockKey, unlockManager } from '../docker/unlock.ts';
import { SwarmctlError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import type { ClusterReport, ResourceStep } from '../report/report.ts';
import { reportOn, warn } from './cluster.ts';
import { type Machine, machinesOf, managersOf } from './machines.ts';

/** A cluster whose managers are unlocked. */
export interface UnlockWork {
  fleet: Fleet;
  cluster: Cluster;
  signal: AbortSignal;
  /** The keys that the state holds; asked for only where a manager is locked. */
  storedKeys(cluster: Cluster): Promise<readonly string[]>;
  /** Is told of each that was unlocked. */
  onUnlocked(machine: Machine): void;
}

/** How long the others have to see an unlocked manager, in milliseconds: an election may come first. */
const joinedDeadlineMs = 60_000;

/** The managers of a cluster by what their engines say; one that does not answer is neither. */
export async function lockStates(
  fleet: Fleet,
  cluster: Cluster,
): Promise<{ locked: Machine[]; open: Machine[]; silent: Machine[] }> {
  const managers = machinesOf(fleet, cluster).filter(({ role }) => role === 'manager');
  const states = await Promise.all(managers.map(({ endpoint }) => isLocked(endpoint)));
  const those = (state: boolean | undefined) => managers.filter((_, index) => states[index] === state);
  return { locked: those(true), open: those(false), silent: those(undefined) };
}

/**
 * Unlocks managers, all at once: none of them is up before there is a quorum of them. Then waits until the swarm has
 * them back.
 * @throws SwarmctlError `manager-locked` when there is no key or none that fits.
 */
export async function unlockManagers(work: UnlockWork, locked: readonly Machine[]): Promise<void> {
  const { fleet, cluster, signal } = work;
  const stored = await work.storedKeys(cluster);
  const swarm = openSwarm(managersOf(fleet, cluster), { signal });
  try {
    const keys = [...new Set([...(await currentKey(work)), ...stored])];
    await allSettled(locked.map((machine) => unlock(work, machine, keys)));
    await waitForMembers(swarm, locked, signal);
  } finally {
    swarm.close();
  }
}

/** A key that was changed since the state was written is still known to the managers that are not locked. */
async function currentKey({ fleet, cluster, signal }: UnlockWork): Promise<string[]> {
  const swarm = openSwarm(managersOf(fleet, cluster), { deadlineMs: 0, signal });
  try {
    const key = await swarm.ask('reading the unlock key', readUnlockKey);
    return key === '' ? [] : [key];
  } catch (error) {
    if (error instanceof SwarmctlError) return [];
    throw error;
  } finally {
    swarm.close();
  }
}

async function unlock(
  { signal, onUnlocked }: UnlockWork,
  machine: Machine,
  keys: readonly string[],
): Promise<void> {
  const { name, endpoint } = machine;
  if (await unlockManager(endpoint, keys, signal)) return onUnlocked(machine);
  const subject = keys.length === 0 ? 'the state holds no unlock key' : 'no key of the state fits';
  throw new SwarmctlError('manager-locked', `${name} is locked, and ${subject}.`, {
    hint: `Unlock it by hand: \`docker swarm unlock\` on ${name} takes a key from elsewhere. Without one it can only leave the swarm and join anew.`,
  });
}

async function waitForMembers(
  swarm: Swarm,
  machines: readonly Machine[],
  signal: AbortSignal,
): Promise<void> {
  let missing: string[] = [];
  const check = async () => {
    const ids = await Promise.all(machines.map(({ endpoint }) => memberOf(endpoint)));
    const nodes = await swarm.ask('listing the nodes', (api) => api.listNodes());
    const present = nodes.flatMap(({ ID, Status, ManagerStatus }) =>
      Status?.State === 'ready' && ManagerStatus?.Reachability === 'reachable' ? [ID] : [],
    );
    missing = machines.flatMap(({ name }, index) => (present.includes(ids[index] ?? '') ? [] : [name]));
    return missing.length === 0 ? true : undefined;
  };
  const describe = () => `${missing.join(', ')} not ready`;
  const waiting = { deadlineMs: joinedDeadlineMs, signal, describe };
  await waitUntil('The return of the unlocked managers', check, waiting);
}

/**
 * Unlocks what is locked of one cluster.
 * @returns its one result, with the managers that were unlocked as steps.
 */
export function unlockCluster(work: Omit<UnlockWork, 'onUnlocked'> & { emit: Emit }): Promise<ClusterReport> {
  const { fleet, cluster, emit } = work;
  return reportOn(cluster, emit, async (stages, report) => {
    await stages.run(
      'unlock',
      async (onProgress) => {
        const { locked, silent } = await lockStates(fleet, cluster);
        for (const { name } of silent) warn(work, cluster, `${name} does not answer.`);
        if (locked.length === 0) return;
        onProgress(`unlocking ${namesOf(locked)}`);
        const onUnlocked = (machine: Machine) => recordUnlocked(work, report, machine);
        await unlockManagers({ ...work, onUnlocked }, locked);
        const swarm = openSwarm(managersOf(fleet, cluster), { signal: work.signal });
        Object.assign(report, await readClusterState(swarm, fleet.name).finally(swarm.close));
      },
      () => report.steps.map(({ name }) => name).join(', ') || 'no manager is locked',
    );
    return report.steps.length > 0 ? 'updated' : 'unchanged';
  });
}

function recordUnlocked(
  { emit, cluster }: { emit: Emit; cluster: Cluster },
  report: ClusterReport,
  { name }: Machine,
): void {
  const step: ResourceStep = { op: 'update', type: 'Node', name, fields: ['locked'] };
  report.steps.push(step);
  report.changes.update += 1;
  emit({ type: 'resource-changed', cluster: cluster.name, step });
}

function namesOf(machines: readonly Machine[]): string {
  return machines.map(({ name }) => name).join(', ');
}
