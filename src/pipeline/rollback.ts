import type { Stack } from '../compose/stack.ts';
import { addChanges } from '../engine/changes.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, StageReport } from '../report/report.ts';
import type { BuiltApps } from './build.ts';
import { type ClusterContext, recordChanges, withCluster } from './cluster.ts';
import type { Approve } from './guard.ts';
import { type HistoryRecord, readHistory, stackAt } from './history.ts';
import { type Plan, previewCluster } from './preview.ts';
import { recorded } from './recorded.ts';
import { refreshCluster } from './refresh.ts';
import type { Run } from './run.ts';
import { restoreScales } from './scale.ts';
import { keepScales } from './scales.ts';
import { bringAbout, guardPlan } from './up.ts';

export interface RollbackOptions {
  /** What ran after this version is to run again. */
  to: number;
  records: readonly HistoryRecord[];
  approve: Approve;
}

/**
 * Brings the apps of one cluster back to what ran after an earlier version. Its machines stay as they are.
 * @returns its one result; errors are in it.
 */
export function rollBackCluster(
  run: Run,
  cluster: Cluster,
  { to, records, approve }: RollbackOptions,
): Promise<ClusterReport> {
  return withCluster(run, cluster, 'exclusive', async (context) => {
    const before = stackAt(records, cluster.name, to);
    if (!before || !context.exists.apps) throw notRecorded(cluster, to);
    const plan = await planReturn(context, before);
    await guardPlan(context, plan, approve);
    const command = { command: 'rollback', to: before.version };
    await recorded(context, plan, command, () => bringAbout(context, plan));
    return plan.changes.steps.length > 0 ? 'updated' : 'unchanged';
  });
}

/**
 * Returns a cluster that this run has changed to what ran before the run, since another one has failed.
 * @param report what the run did to it.
 * @returns the report with how that went.
 */
export async function returnCluster(
  run: Run,
  cluster: Cluster,
  report: ClusterReport,
  reason: string,
): Promise<ClusterReport> {
  const version = run.history.version();
  const before = version && stackAt(await readHistory(run.state.folder), cluster.name, version - 1);
  if (!before || run.signal.aborted) return notReturned(report, `${reason} ${whyNot(run)}`);
  const back = await withCluster(run, cluster, 'exclusive', async (context) => {
    await bringAbout(context, await planReturn(context, before));
    await restoreScales(context);
    return 'rolled-back';
  });
  if (!report.error) {
    const failed = back.error && { error: back.error.message };
    await run.history.finish(cluster.name, failed ? 'failed' : 'rolled-back', failed);
  }
  return returned(report, back, reason);
}

async function planReturn(
  context: ClusterContext,
  { version, stack }: { version: number; stack: Stack },
): Promise<Plan> {
  const { run, cluster } = context;
  const scaled = keepScales(stack, run.settings.scales[cluster.name]);
  for (const message of scaled.notes)
    run.emit({ type: 'note', level: 'info', message, cluster: cluster.name });
  const apps: BuiltApps = {
    stack: scaled.stack,
    notes: [],
    endedScales: [],
    built: new Map(),
    isPinned: true,
  };
  const { plan: known } = await refreshCluster(context, apps);
  const plan = known
    ? withoutMachines(known)
    : await previewCluster(context, apps, { isNew: true, refresh: false }).catch((error: unknown) => {
        throw notKept(error, cluster, version);
      });
  recordChanges(context.report, plan.changes);
  return plan;
}

/** What the machines are to be is what the fleet file says, not what it was. */
function withoutMachines({ apps }: Plan): Plan {
  return { apps, changes: addChanges(apps.previewed ? [apps.previewed] : []) };
}

function returned(report: ClusterReport, back: ClusterReport, reason: string): ClusterReport {
  const outcome = back.error ? 'failed' : 'done';
  const stage: StageReport = { name: 'rollback', outcome, durationMs: durationOf(back) };
  const { services, nodes, urls } = back;
  const both = { ...report, services, nodes, urls, stages: [...report.stages, stage] };
  if (back.error) return notReturned(both, `${reason} It could not: ${back.error.message}`);
  if (!report.error) return { ...both, outcome: 'rolled-back', reason };
  return { ...both, reason: 'It went back to what ran before.' };
}

function durationOf({ stages }: ClusterReport): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** Whoever reads the result has to know that the new version still runs there. */
function notReturned(report: ClusterReport, reason: string): ClusterReport {
  const error = report.error ?? {
    code: 'not-rolled-back' as const,
    message: `${report.name} still runs the new version. ${reason}`,
    hint: 'See `swarmctl history`, and go back with `swarmctl rollback`, or forward with `swarmctl up`.',
  };
  return { ...report, outcome: 'failed', reason, error };
}

function whyNot({ signal }: Run): string {
  return signal.aborted
    ? 'The run was interrupted before that.'
    : 'Nothing is recorded that ran there before.';
}

function notRecorded({ name }: Cluster, to: number): SwarmctlError {
  return new SwarmctlError('not-found', `Nothing is recorded that ran in ${name} after version ${to}.`, {
    hint: 'See `swarmctl history` for what can be gone back to.',
  });
}

function notKept(error: unknown, { name }: Cluster, version: number): unknown {
  if (!(error instanceof SwarmctlError && error.code === 'not-found')) return error;
  return new SwarmctlError(
    'not-found',
    `What ran after version ${version} cannot run in ${name} again: ${error.message}`,
    {
      hint: 'The swarms keep as many versions of configs and secrets as `keep` in the fleet file says. Restore the files of that version and run `swarmctl up`.',
      cause: error,
    },
  );
}
