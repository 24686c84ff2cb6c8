import { hasChanges } from '../engine/changes.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, Outcome } from '../report/report.ts';
import { applyPlan } from './apply.ts';
import { readBegun } from './begun.ts';
import { benchmarkCluster } from './benchmark.ts';
import { buildApps } from './build.ts';
import { checkNetworks } from './changed-networks.ts';
import { appsFolder, type ClusterContext, recordChanges, withCluster } from './cluster.ts';
import { formCluster } from './form.ts';
import { type Approve, checkQuorum } from './guard.ts';
import { describePlan, type Plan, planNewApps, previewCluster } from './preview.ts';
import { pruneContents } from './prune.ts';
import { refreshCluster } from './refresh.ts';
import type { Run } from './run.ts';
import { forgetScales } from './scale.ts';
import { checkUnmanaged } from './unmanaged.ts';
import { verifyCluster } from './verify.ts';

export interface UpOptions {
  skipBench: boolean;
  /** Decides whether a previewed change may be made. */
  approve: Approve;
  /** Whether that asks a person, who has to see everything first. */
  asks: boolean;
}

/**
 * Brings one cluster from what it is to what the fleet file says: refresh → bench → gate → preview → guard → up →
 * verify. A cluster that does not exist is formed first.
 * @returns its one result; errors are in it.
 */
export function upCluster(run: Run, cluster: Cluster, options: UpOptions): Promise<ClusterReport> {
  return withCluster(run, cluster, 'exclusive', async (context) => {
    const apps = await buildApps(context);
    const { hasSwarm, plan: known } = context.exists.machines
      ? await refreshCluster(context, apps)
      : { hasSwarm: false };
    if (!hasSwarm) await formCluster(context, options);

    if (options.skipBench) context.stages.skip('bench', '--skip-bench');
    else await benchmarkCluster(context);

    const plan = known
      ? await context.stages.run('preview', async () => known, describePlan)
      : hasSwarm || options.asks
        ? await previewCluster(context, apps, { isNew: !hasSwarm, refresh: false })
        : await planNewApps(context, apps);
    recordChanges(context.report, plan.changes);
    await guardPlan(context, plan, options.approve);
    await forgetScales(context, apps.endedScales);
    const applied = await applyPlan(context, plan);
    if (!plan.apps.previewed) recordChanges(context.report, applied.apps);
    await verifyCluster(context, { settles: applied.gaveImages });
    if (hasChanges(applied.apps)) await pruneContents(context);
    return outcome(context.report);
  });
}

async function guardPlan(context: ClusterContext, plan: Plan, approve: Approve): Promise<void> {
  await context.stages.run('guard', async () => {
    await checkUnmanaged(context, plan.changes, await readBegun(appsFolder(context)));
    await checkQuorum(context.swarm, plan.changes);
    await checkNetworks(context.swarm, plan.changes);
    if (hasChanges(plan.changes)) await approve(context.cluster, plan.changes);
  });
}

function outcome({ steps }: ClusterReport): Outcome {
  return steps.length > 0 ? 'updated' : 'unchanged';
}
