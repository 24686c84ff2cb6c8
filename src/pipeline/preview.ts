import { Apps } from '../../programs/apps.ts';
import { allSettled } from '../bench/all-settled.ts';
import type { NodeImage } from '../docker/images.ts';
import { addChanges, describeCounts, type StackChanges } from '../engine/changes.ts';
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

/** What is going to be done to a cluster, and nothing else. */
export interface Plan {
  /** Absent when the machines were made in this very run. */
  machines?: PlannedStack;
  apps: PlannedStack;
  images: NodeImage[];
  changes: StackChanges;
}

export interface PreviewOptions {
  /** Whether the machines were made in this very run, so that only the apps can differ. */
  isNew: boolean;
  /** Whether to compare with what is really there, where the state was not refreshed before. */
  refresh: boolean;
}

/** Seconds that a service has to converge. */
export const serviceDeadlineSeconds = 300;

/** Previews both stacks of a cluster whose swarm is there. */
export async function previewCluster(
  context: ClusterContext,
  apps: BuiltApps,
  options: PreviewOptions,
): Promise<Plan> {
  const preview = async (onProgress: (message: string) => void): Promise<Plan> => {
    if (options.refresh) await checkReachable(context);
    const [machines, { images, ...planned }] = await allSettled([
      options.isNew ? undefined : planMachines(context, options, onProgress),
      planApps(context, apps, options, onProgress),
    ]);
    const changes = addChanges([...(machines ? [machines.previewed] : []), planned.previewed]);
    return { ...(machines ? { machines } : {}), apps: planned, images, changes };
  };
  return context.stages.run('preview', preview, ({ changes }) => describeCounts(changes));
}

type OnProgress = (message: string) => void;

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
  apps: BuiltApps,
  { refresh }: PreviewOptions,
  onProgress: OnProgress,
): Promise<PlannedStack & Pick<Plan, 'images'>> {
  const { run, cluster, swarm, machines } = context;
  const { stack: pinned, images } = await pinImages(context, apps);
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
  const stack = await openAppsStack(context, async () => void new Apps(args));
  const previewing = operation(context, 'Previewing the apps', onProgress);
  return { stack, images, previewed: await stack.preview(previewing, { refresh }) };
}
