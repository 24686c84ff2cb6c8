import type { Stack } from '../compose/stack.ts';
import { hasChanges, type StackChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, Outcome } from '../report/report.ts';
import { applyPlan } from './apply.ts';
import { readBegun } from './begun.ts';
import { benchmarkCluster } from './benchmark.ts';
import { buildApps } from './build.ts';
import { checkNetworks } from './changed-networks.ts';
import { appsFolder, type ClusterContext, recordChanges, withCluster } from './cluster.ts';
import { formCluster } from './form.ts';
import { tellForward } from './forward.ts';
import { type Approve, checkQuorum } from './guard.ts';
import { describePlan, type Plan, planNewApps, previewCluster } from './preview.ts';
import { pruneContents } from './prune.ts';
import { recorded } from './recorded.ts';
import { refreshCluster } from './refresh.ts';
import type { Run } from './run.ts';
import { forgetScales } from './scale.ts';
import { tellOldSecrets } from './secret-versions.ts';
import { soakCluster } from './soak.ts';
import { checkUnmanaged } from './unmanaged.ts';
import { verifyCluster } from './verify.ts';

export interface UpOptions {
  skipBench: boolean;
  /** Decides whether a previewed change may be made. */
  approve: Approve;
  /** Whether that asks a person, who has to see everything first. */
  asks: boolean;
  /** As the history calls it. */
  command: string;
  /** Refuses changes that the command is not for. */
  check?(changes: StackChanges, stack: Stack): void;
  /** Milliseconds that the cluster, as the canary, has to stay healthy afterwards. */
  soakMs?: number | undefined;
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
    if (!hasSwarm && options.check) throw notFormed(cluster);
    if (!hasSwarm) await formCluster(context, options);

    if (options.skipBench) context.stages.skip('bench', '--skip-bench');
    else await benchmarkCluster(context, { isUpdated: false });

    const plan = known
      ? await context.stages.run('preview', async () => known, describePlan)
      : hasSwarm || context.exists.apps || options.asks
        ? await previewCluster(context, apps, { isNew: !hasSwarm, refresh: false })
        : await planNewApps(context, apps);
    recordChanges(context.report, plan.changes);
    options.check?.(plan.changes, apps.stack);
    if (hasChanges(plan.changes)) await tellForward(context);
    await guardPlan(context, plan, options.approve);
    await recorded(context, plan, { command: options.command }, async () => {
      await bringAbout(context, plan);
      if (context.report.steps.length > 0) await watchCanary(context, options);
    });
    await forgetScales(context, apps.endedScales);
    await tellOldSecrets({ fleet: run.fleet, cluster, swarm: context.swarm }, run.emit);
    return outcome(context.report);
  });
}

/** A command that is for one kind of change does not form a cluster. */
function notFormed({ name }: Cluster): SwarmctlError {
  return new SwarmctlError('no-swarm', `Cluster ${name} has no swarm yet.`, {
    hint: 'Form it with `swarmctl up`.',
  });
}

/** Carries out a plan, and sees to it that what it brings runs. */
export async function bringAbout(context: ClusterContext, plan: Plan): Promise<void> {
  const { settles, apps } = await applyPlan(context, plan);
  if (!plan.apps.previewed) recordChanges(context.report, apps);
  await verifyCluster(context, { settles });
  if (hasChanges(apps)) await pruneContents(context);
}

/** The gates between the canary and the other clusters. */
async function watchCanary(context: ClusterContext, { soakMs, skipBench }: UpOptions): Promise<void> {
  if (soakMs === undefined) return;
  await soakCluster(context, soakMs);
  if (!skipBench) await benchmarkCluster(context, { isUpdated: true });
}

export async function guardPlan(context: ClusterContext, plan: Plan, approve: Approve): Promise<void> {
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
