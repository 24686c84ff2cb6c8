import { allSettled } from '../bench/all-settled.ts';
import { nameInSwarm } from '../compose/file-objects.ts';
import { recordedStack } from '../compose/recorded-stack.ts';
import type { Stack as ComposeStack } from '../compose/stack.ts';
import type { NodeImage } from '../docker/images.ts';
import { addChanges, describeCounts, noChanges, type StackChanges } from '../engine/changes.ts';
import type { PreviewedChange, Stack } from '../engine/stack.ts';
import type { BuiltApps } from './build.ts';
import { type ClusterContext, openAppsStack, openMachines, operation } from './cluster.ts';
import { keptNames } from './kept-names.ts';
import { keepLiveImages } from './live-images.ts';
import { pinImages } from './pin-images.ts';
import { findExternals } from './prepared-apps.ts';
import { checkReachable } from './reachable.ts';

/** One stack with what is going to be done to it. */
interface PlannedStack {
  stack: Stack;
  previewed: PreviewedChange;
}

/** The stack of a cluster's apps, and what it waits for. */
interface PreparedApps {
  stack: Stack;
  images: NodeImage[];
  /** Its program declares nothing before this is settled; nothing to wait for at first. */
  ready: { when: Promise<unknown> };
  /** What it is to run, without contents. */
  wanted: ComposeStack;
}

/** What is going to be done to a cluster, and nothing else. */
export interface Plan {
  /** Absent when the machines were made in this very run. */
  machines?: PlannedStack;
  /** Without a preview where there is nothing that could be changed, and nobody who would look at it. */
  apps: PreparedApps & { previewed?: PreviewedChange };
  changes: StackChanges;
}

export interface PreviewOptions {
  /** Whether the machines were made in this very run, so that only the apps can differ. */
  isNew: boolean;
  /** Whether to compare with what is really there, where the state was not refreshed before. */
  refresh: boolean;
}

export type OnProgress = (message: string) => void;

/** Seconds that a service has to converge. */
export const serviceDeadlineSeconds = 300;

/** Previews both stacks of a cluster whose swarm is there, in the stage of that name. */
export function previewCluster(
  context: ClusterContext,
  apps: BuiltApps,
  options: PreviewOptions,
): Promise<Plan> {
  const preview = async (onProgress: OnProgress) => {
    if (options.refresh) await checkReachable(context);
    return planCluster(context, apps, options, onProgress);
  };
  return context.stages.run('preview', preview, describePlan);
}

/** Such as `2 to update`. */
export function describePlan({ changes }: Plan): string {
  return describeCounts(changes);
}

export async function planCluster(
  context: ClusterContext,
  built: BuiltApps,
  options: PreviewOptions,
  onProgress: OnProgress,
): Promise<Plan> {
  const [machines, apps] = await allSettled([
    options.isNew ? undefined : planMachines(context, options, onProgress),
    planApps(context, built, options, onProgress),
  ]);
  const changes = addChanges([...(machines ? [machines.previewed] : []), apps.previewed]);
  return { ...(machines ? { machines } : {}), apps, changes };
}

/** What the apps of a cluster are that has none yet: all of it is made. */
export async function planNewApps(context: ClusterContext, built: BuiltApps): Promise<Plan> {
  context.stages.skip('preview', 'a new cluster, and --yes');
  return { apps: await prepareApps(context, built), changes: noChanges() };
}

async function planMachines(
  context: ClusterContext,
  { refresh }: PreviewOptions,
  onProgress: OnProgress,
): Promise<PlannedStack> {
  const stack = await openMachines(context);
  const previewing = operation(context, 'Previewing the machines', onProgress);
  return { stack, previewed: await stack.preview(previewing, { refresh }) };
}

async function planApps(
  context: ClusterContext,
  built: BuiltApps,
  { refresh }: PreviewOptions,
  onProgress: OnProgress,
): Promise<PreparedApps & { previewed: PreviewedChange }> {
  const apps = await prepareApps(context, built);
  const previewing = operation(context, 'Previewing the apps', onProgress);
  return { ...apps, previewed: await apps.stack.preview(previewing, { refresh }) };
}

async function prepareApps(context: ClusterContext, apps: BuiltApps): Promise<PreparedApps> {
  const { run, cluster, swarm, machines } = context;
  const { stack: pinned, images } = apps.isPinned
    ? { stack: apps.stack, images: [] }
    : await pinImages(context, apps);
  const [kept, externals, names] = await Promise.all([
    keepLiveImages(
      pinned,
      swarm,
      machines.map(({ endpoint }) => endpoint),
    ),
    findExternals(pinned, swarm),
    keptNames(pinned, swarm, cluster, run.settings),
  ]);
  const args = {
    stack: kept,
    fleetKey: run.settings.key,
    keptNames: names,
    externals,
    deadlineSeconds: serviceDeadlineSeconds,
  };
  const ready = { when: Promise.resolve() };
  const stack = await openAppsStack(context, async () => {
    const { Apps } = await import('../../programs/apps.ts');
    await ready.when;
    new Apps(args);
  });
  const wanted = recordedStack(kept, (kind, object) => nameInSwarm(kind, object, args));
  return { stack, images, ready, wanted };
}
