import { readNodes } from '../docker/cluster-state.ts';
import { describeCounts, hasChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, NodeReport } from '../report/report.ts';
import { readBegun } from './begun.ts';
import { buildApps } from './build.ts';
import { networkRefusal } from './changed-networks.ts';
import {
  appsFolder,
  type ClusterContext,
  openMachines,
  operation,
  recordChanges,
  withCluster,
} from './cluster.ts';
import { tellForward } from './forward.ts';
import { previewCluster } from './preview.ts';
import type { Run } from './run.ts';
import { targetOf } from './targets/target.ts';
import { unmanagedRefusal } from './unmanaged.ts';

/**
 * Shows what `up` would do to one cluster. The engines are only read.
 * @returns its one result, with the steps that `up` would take and the outcome that it would have.
 */
export function previewOnly(run: Run, cluster: Cluster): Promise<ClusterReport> {
  return withCluster(run, cluster, 'beside others', async (context) => {
    if (context.exists.machines) await previewExisting(context);
    else await previewNew(context);
    return context.report.steps.length > 0 ? 'updated' : 'unchanged';
  });
}

async function previewExisting(context: ClusterContext): Promise<void> {
  const apps = await buildApps(context);
  const plan = await previewCluster(context, apps, { isNew: false, refresh: true });
  recordChanges(context.report, plan.changes);
  context.report.nodes = await nodesOf(context);
  if (hasChanges(plan.changes)) await tellForward(context);
  const refusals = [
    await unmanagedRefusal(context, plan.changes, await readBegun(appsFolder(context))),
    await networkRefusal(context.swarm, plan.changes),
  ];
  for (const refusal of refusals) if (refusal) warnOfRefusal(context, refusal);
}

/** A swarm that is gone has none. */
async function nodesOf({ swarm }: ClusterContext): Promise<NodeReport[]> {
  try {
    return await readNodes(swarm);
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'no-swarm') return [];
    throw error;
  }
}

/** What would stop `up` is no failure of a preview. */
function warnOfRefusal({ run, cluster }: ClusterContext, { message, details, hint }: SwarmctlError): void {
  const text = [`up will refuse this: ${message}`, ...details, ...(hint ? [hint] : [])].join(' ');
  run.emit({ type: 'note', level: 'warning', message: text, cluster: cluster.name });
}

async function previewNew(context: ClusterContext): Promise<void> {
  const { stages, run, cluster, report } = context;
  const stack = await openMachines(context);
  const previewed = await stages.run(
    'preview',
    (onProgress) => stack.preview(operation(context, 'Previewing the machines', onProgress)),
    describeCounts,
  );
  recordChanges(report, previewed);
  const refusal = await targetOf(run.fleet).refusal(context);
  if (refusal) warnOfRefusal(context, refusal);
  const message = 'The apps are previewed once the swarm is there.';
  run.emit({ type: 'note', level: 'info', message, cluster: cluster.name });
}
