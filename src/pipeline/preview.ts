import type { LocalImage } from '../docker/images.ts';
import { addChanges, describeCounts, type StackChanges } from '../engine/changes.ts';
import { discard, type PreviewedChange, type Stack } from '../engine/stack.ts';
import { type ClusterContext, openApps, openMachines, operation } from './cluster.ts';

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
  images: LocalImage[];
  changes: StackChanges;
}

export interface PreviewOptions {
  /** Whether the machines were made in this very run, so that only the apps can differ. */
  isNew: boolean;
  /** Whether to compare with what is really there, where the state was not refreshed before. */
  refresh: boolean;
}

/** Previews both stacks of a cluster whose swarm is there. */
export async function previewCluster(context: ClusterContext, options: PreviewOptions): Promise<Plan> {
  const preview = async (onProgress: (message: string) => void): Promise<Plan> => {
    const [machines, apps] = await Promise.all([
      options.isNew ? undefined : planMachines(context, options, onProgress),
      planApps(context, options, onProgress),
    ]);
    const changes = addChanges([...(machines ? [machines.previewed] : []), apps.previewed]);
    const { stack, previewed, images } = apps;
    return { ...(machines ? { machines } : {}), apps: { stack, previewed }, images, changes };
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

async function planApps(context: ClusterContext, { refresh }: PreviewOptions, onProgress: OnProgress) {
  const { stack, images } = await openApps(context);
  const previewing = operation(context, 'Previewing the apps', onProgress);
  return { stack, images, previewed: await stack.preview(previewing, { refresh }) };
}

/** Drops a plan that will not be carried out. */
export async function discardPlan({ machines, apps }: Plan): Promise<void> {
  await Promise.all([machines, apps].map((planned) => planned && discard(planned.previewed)));
}
