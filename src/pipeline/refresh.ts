import { allSettled } from '../bench/all-settled.ts';
import { addChanges, describeDrift, hasChanges, type StackChanges } from '../engine/changes.ts';
import type { Stack } from '../engine/stack.ts';
import { SwarmctlError } from '../errors.ts';
import type { BuiltApps } from './build.ts';
import { type ClusterContext, openAppsStack, openMachines, operation } from './cluster.ts';
import type { Machine } from './machines.ts';
import { tellPending } from './orphans.ts';
import { type OnProgress, type Plan, planCluster } from './preview.ts';
import { checkReachable } from './reachable.ts';
import { targetOf } from './targets/target.ts';
import { lockStates, unlockManagers } from './unlock.ts';
import { storedSwarm } from './unlock-keys.ts';

interface Refreshed {
  /** Whether the cluster has a swarm; one whose forming was cut off may have none. */
  hasSwarm: boolean;
  /** What the apps' files would change, where that was found out on the way. */
  plan?: Plan;
}

/**
 * Finds out what is really there, so that the preview is one against reality, and takes it over into the state, where
 * `up` is not going to do that.
 */
export async function refreshCluster(context: ClusterContext, apps: BuiltApps): Promise<Refreshed> {
  const refresh = async (onProgress: OnProgress) => {
    await unlockIfLocked(context);
    const stacks = await openStacks(context);
    const wasCutOff = await tellPending(context, stacks);
    const plan = wasCutOff ? undefined : await planAgainstReality(context, apps, onProgress);
    const found = plan ? foundBy(plan) : await refreshStacks(context, stacks, onProgress);
    await targetOf(context.run.fleet).removeOrphans(context, found.present);
    return { found, plan };
  };
  const { found, plan } = await context.stages.run('refresh', refresh, ({ found }) => describeDrift(found));
  const hasSwarm = found.present.has(swarmOf(context));
  return plan ? { hasSwarm, plan } : { hasSwarm };
}

/**
 * A run that comes to locked managers unlocks them first, and makes sure that the swarm answers. Without autolock only a
 * swarm that does not answer is looked at.
 */
async function unlockIfLocked(context: ClusterContext): Promise<void> {
  if (context.cluster.autolock) await unlock(context);
  try {
    await checkReachable(context);
  } catch (error) {
    if (!(error instanceof SwarmctlError && error.code === 'manager-locked')) throw error;
    await unlock(context);
  }
}

async function unlock({ run, cluster }: ClusterContext): Promise<void> {
  const { locked } = await lockStates(run.fleet, cluster);
  if (locked.length === 0) return;
  const storedKeys = async () => (await storedSwarm(run, cluster)).unlockKeys;
  const onUnlocked = ({ name }: Machine) =>
    run.emit({ type: 'note', level: 'info', message: `Unlocked ${name}.`, cluster: cluster.name });
  await unlockManagers({ fleet: run.fleet, cluster, signal: run.signal, storedKeys, onUnlocked }, locked);
}

function swarmOf({ cluster }: ClusterContext): string {
  return `Swarm ${cluster.name}`;
}

async function openStacks(context: ClusterContext): Promise<Stack[]> {
  const machines = openMachines(context);
  return Promise.all(context.exists.apps ? [machines, openAppsStack(context)] : [machines]);
}

/**
 * Compares and previews in one go, which takes half the time of one after the other. What fails here fails again, and
 * is told, where it belongs.
 * @returns undefined where there is no swarm that apps could be previewed for.
 */
async function planAgainstReality(
  context: ClusterContext,
  apps: BuiltApps,
  onProgress: OnProgress,
): Promise<Plan | undefined> {
  if (!context.exists.apps) return undefined;
  const looking = planCluster(context, apps, { isNew: false, refresh: true }, onProgress);
  const plan = await looking.catch(() => undefined);
  if (!plan || !foundBy(plan).present.has(swarmOf(context))) return undefined;
  await takeOver(context, plan, onProgress);
  return plan;
}

/** A stack that nothing is changed in has no `up` that would take over how it differs. */
async function takeOver(
  context: ClusterContext,
  { machines, apps }: Plan,
  onProgress: OnProgress,
): Promise<void> {
  for (const { stack, previewed } of [...(machines ? [machines] : []), apps]) {
    const isLeft = previewed?.found && hasChanges(previewed.found) && !hasChanges(previewed);
    if (isLeft) await stack.refresh(operation(context, 'Refreshing the state', onProgress));
  }
}

function foundBy({ machines, apps }: Plan): StackChanges {
  return addChanges([machines?.previewed?.found, apps.previewed?.found].filter((one) => one !== undefined));
}

async function refreshStacks(
  context: ClusterContext,
  [machines, apps]: Stack[],
  onProgress: OnProgress,
): Promise<StackChanges> {
  const found = await allSettled([
    machines?.refresh(operation(context, 'Refreshing the machines', onProgress)),
    apps?.refresh(operation(context, 'Refreshing the apps', onProgress)),
  ]);
  return addChanges(found.filter((one) => one !== undefined));
}
