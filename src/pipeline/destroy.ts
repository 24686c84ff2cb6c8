import { describeCounts } from '../engine/changes.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport } from '../report/report.ts';
import {
  type ClusterContext,
  openAppsStack,
  openMachines,
  operation,
  recordChanges,
  withCluster,
} from './cluster.ts';
import type { Approve } from './guard.ts';
import { tellPending } from './orphans.ts';
import type { Run } from './run.ts';
import { targetOf } from './targets/target.ts';

/**
 * Removes one cluster with everything in it. The apps go with the machines they run on.
 * @returns its one result; errors are in it.
 */
export function destroyCluster(run: Run, cluster: Cluster, approve: Approve): Promise<ClusterReport> {
  return withCluster(run, cluster, 'exclusive', async (context) => {
    if (!context.exists.machines) return 'unchanged';
    await guard(context, approve);
    await context.stages.run('destroy', (onProgress) => destroy(context, onProgress), describeCounts);
    return 'updated';
  });
}

async function guard(context: ClusterContext, approve: Approve): Promise<void> {
  await context.stages.run('guard', async (onProgress) => {
    const machines = await openMachines(context);
    await tellPending(context, [machines]);
    const changes = await machines.previewDestroy(operation(context, 'Previewing the removal', onProgress));
    recordChanges(context.report, changes);
    await approve(context.cluster, changes);
    await targetOf(context.run.fleet).removeOrphans(
      context,
      new Set(changes.steps.map(({ type, name }) => `${type} ${name}`)),
    );
  });
}

async function destroy(context: ClusterContext, onProgress: (message: string) => void) {
  const machines = await openMachines(context);
  const removed = await machines.destroy(operation(context, 'Removing the machines', onProgress));
  const forgetting = operation(context, 'Removing the state', onProgress);
  if (context.exists.apps) await (await openAppsStack(context)).forget(forgetting);
  await machines.forget(forgetting);
  return removed;
}
