import { allSettled } from '../bench/all-settled.ts';
import { describeCounts } from '../engine/changes.ts';
import type { PreviewedChange, Stack } from '../engine/stack.ts';
import { SwarmctlError } from '../errors.ts';
import { type ClusterContext, openAppsStack, openMachines, operation, recordChanges } from './cluster.ts';
import type { UpOptions } from './up.ts';

/**
 * Makes the machines of a new cluster and their swarm; what its apps would be is not known before. Where nobody is
 * asked, a stack that holds nothing is not previewed: there is nothing in it to delete or replace.
 */
export async function formCluster(context: ClusterContext, options: UpOptions): Promise<void> {
  const { run, stages, report, exists } = context;
  const form = async (onProgress: (message: string) => void) => {
    if (!exists.machines) await checkUnclaimed(context);
    const stack = await openMachines(context);
    const isSeen = exists.machines || options.asks;
    const previewed = isSeen ? await previewMachines(context, stack, options, onProgress) : undefined;
    if (previewed) recordChanges(report, previewed);
    await run.settingsStored;
    const [changes] = await allSettled([
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

/**
 * Refuses to form a cluster whose machines are there without being in the state: they belong to a fleet of the same
 * name in another folder, and Docker would give their volumes to this one.
 */
async function checkUnclaimed({ run, cluster }: ClusterContext): Promise<void> {
  const label = [`swarmctl.fleet=${run.fleet.name}`, `swarmctl.cluster=${cluster.name}`];
  const { Volumes } = await run.outer.ask('listing the volumes', (api) =>
    api.listVolumes({ filters: { label } }),
  );
  if (Volumes.length === 0) return;
  throw new SwarmctlError(
    'conflict',
    `Cluster ${cluster.name} of a fleet named ${run.fleet.name} is on this machine already, and the state in ${run.state.folder} does not know it.`,
    {
      details: Volumes.map(({ Name }) => `volume ${Name}`),
      hint: 'Run swarmctl in the folder that it was made from. If that is lost, take the cluster over with `swarmctl adopt`.',
    },
  );
}
