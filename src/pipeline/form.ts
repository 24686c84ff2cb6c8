import { allSettled } from '../bench/all-settled.ts';
import { describeCounts } from '../engine/changes.ts';
import type { PreviewedChange, Stack } from '../engine/stack.ts';
import { type ClusterContext, openAppsStack, openMachines, operation, recordChanges } from './cluster.ts';
import { targetOf } from './targets/target.ts';
import type { UpOptions } from './up.ts';

/**
 * Makes the machines of a new cluster and their swarm; what its apps would be is not known before. Where nobody is
 * asked, a stack that holds nothing is not previewed: there is nothing in it to delete or replace.
 */
export async function formCluster(context: ClusterContext, options: UpOptions): Promise<void> {
  const { run, stages, report, exists } = context;
  const form = async (onProgress: (message: string) => void) => {
    const refusal = exists.machines ? undefined : await targetOf(run.fleet).refusal(context);
    if (refusal) throw refusal;
    const stack = await openMachines(context);
    const isSeen = exists.machines || options.asks;
    const previewed = isSeen ? await previewMachines(context, stack, options, onProgress) : undefined;
    if (previewed) recordChanges(report, previewed);
    const [, changes] = await allSettled([
      run.settingsStored,
      stack.up(operation(context, 'Forming the swarm', onProgress), previewed),
      // The stack of the apps comes next: it is made while the machines start.
      openAppsStack(context),
    ]);
    if (!previewed) recordChanges(report, changes);
    return changes;
  };
  await stages.run('form', form, describeCounts);
}

async function previewMachines(
  context: ClusterContext,
  stack: Stack,
  { approve }: UpOptions,
  onProgress: (message: string) => void,
): Promise<PreviewedChange> {
  const previewed = await stack.preview(operation(context, 'Previewing the machines', onProgress));
  await approve(context.cluster, previewed);
  return previewed;
}
