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

/** @throws SwarmctlError `conflict` that names what is there. */
async function checkUnclaimed(context: ClusterContext): Promise<void> {
  const refusal = await unclaimedRefusal(context);
  if (refusal) throw refusal;
}

/**
 * Why a cluster is not formed whose machines are there without being in the state: they belong to a fleet of the same
 * name in another folder, or a person made them, and Docker would give their volumes to this one.
 */
export async function unclaimedRefusal({
  run,
  cluster,
  machines,
}: ClusterContext): Promise<SwarmctlError | undefined> {
  const label = [`swarmctl.fleet=${run.fleet.name}`, `swarmctl.cluster=${cluster.name}`];
  const [{ Volumes }, containers] = await run.outer.ask('listing the volumes and containers', (api) =>
    Promise.all([api.listVolumes({ filters: { label } }), api.listContainers({ all: true })]),
  );
  const names = new Set(machines.map(({ name }) => `/${name}`));
  const details = [
    ...Volumes.map(({ Name }) => `volume ${Name}`),
    ...containers.flatMap(({ Names }) =>
      Names.filter((name) => names.has(name)).map((name) => `container ${name.slice(1)}`),
    ),
  ];
  if (details.length === 0) return undefined;
  return new SwarmctlError(
    'conflict',
    `Cluster ${cluster.name} of a fleet named ${run.fleet.name} is on this machine already, and the state in ${run.state.folder} does not know it.`,
    {
      details,
      hint: 'Run swarmctl in the folder that it was made from. If that is lost, take the cluster over with `swarmctl adopt`.',
    },
  );
}
