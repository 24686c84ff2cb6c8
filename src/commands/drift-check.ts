import { resolve } from 'node:path';
import { type ExitCode, SwarmctlError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Cluster } from '../fleet/model.ts';
import { type CheckRun, openCheckRun } from '../pipeline/check-run.ts';
import { type CheckOptions, checkCluster } from '../pipeline/drift-check.ts';
import { pendingChanges } from '../pipeline/pending-changes.ts';
import { openRun, type Run } from '../pipeline/run.ts';
import { markKnown, readSeen, type SeenDrift, writeSeen } from '../pipeline/seen-drift.ts';
import type { UnmanagedMode } from '../pipeline/unmanaged-objects.ts';
import { upCluster } from '../pipeline/up.ts';
import { describeFinding } from '../report/drift.ts';
import { driftMetrics } from '../report/drift-metrics.ts';
import { checkOutputFile, reasonOf } from '../report/output-file.ts';
import { writeMetrics } from '../report/prometheus.ts';
import type { ClusterReport } from '../report/report.ts';
import { type ApprovalOptions, createApproval, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { type FleetWork, runFleetCommand } from './fleet-command.ts';
import { prepareStateTools, prepareToolchain } from './toolchain.ts';

export interface DriftCheckOptions extends ReportOptions, ApprovalOptions {
  parallel: number;
  pending?: boolean;
  unmanaged: UnmanagedMode;
  sinceLast?: boolean;
  fix?: boolean;
  prometheus?: string;
}

/** `swarmctl drift-check`: says in what the selected clusters differ from their state; with `--fix`, brings them back. */
export async function driftCheck(options: DriftCheckOptions, context: CommandContext): Promise<ExitCode> {
  let metrics: string | undefined;
  let close = async () => {};
  let remember = async (_reports: ClusterReport[]) => {};
  let reports: ClusterReport[] | undefined;
  try {
    return await runFleetCommand(
      {
        name: options.sinceLast ? 'drift-check --since-last' : 'drift-check',
        notifies: true,
        parallel: options.parallel,
        check() {
          if (options.fix) requireConsent(options, context.io);
          metrics = metricsFile(options, context);
        },
        async prepare(work) {
          const opened = await openCheck(work, context);
          close = opened.close;
          const seen = options.sinceLast ? await readSeen(opened.run.state) : undefined;
          if (seen) remember = (found) => rememberFindings(opened.run, seen, found);
          return checkOf(opened.run, seen, work, options, context);
        },
        async finish(found) {
          reports = found;
          await remember(found);
        },
      },
      options,
      context,
    );
  } finally {
    await close();
    if (metrics !== undefined) tellPrometheus(metrics, reports);
  }
}

/** @throws SwarmctlError `usage` when it cannot be written. */
function metricsFile({ prometheus }: DriftCheckOptions, { directory }: CommandContext): string | undefined {
  if (prometheus === undefined) return undefined;
  const file = resolve(directory, prometheus);
  checkOutputFile('--prometheus', file);
  return file;
}

async function openCheck({ fleet, emit }: FleetWork, context: CommandContext) {
  const { env, signal } = context;
  const tools = await prepareStateTools(fleet, {}, context, emit);
  return openCheckRun({ fleet, tools, env, signal, emit });
}

/** What is done for each cluster. */
function checkOf(
  run: CheckRun,
  seen: SeenDrift | undefined,
  work: FleetWork,
  options: DriftCheckOptions,
  context: CommandContext,
): (cluster: Cluster) => Promise<ClusterReport> {
  const fullRun = once(() => openFullRun(work, options, context));
  const checking: CheckOptions = {
    unmanaged: options.unmanaged,
    ...(seen && { recognise: ({ name }, findings) => markKnown(findings, seen[name]) }),
    ...(options.pending && {
      pending: async (cluster, stages) => pendingChanges(await fullRun(), cluster, stages),
    }),
  };
  if (!options.fix) return (cluster) => checkCluster(run, cluster, checking);
  const approve = createApproval(options, context, work.reporter);
  const up = async (cluster: Cluster) => {
    const full = { ...(await fullRun()), emit: unfinished(work.emit) };
    return upCluster(full, cluster, {
      skipBench: true,
      command: 'drift-check --fix',
      approve,
      asks: !options.yes,
    });
  };
  return (cluster) => fixCluster(run, cluster, checking, up);
}

/** What `up` works with; opened for the clusters that need it, once for all. */
async function openFullRun(
  { fleet, clusters, emit }: FleetWork,
  { fix, yes }: DriftCheckOptions,
  context: CommandContext,
): Promise<Run> {
  const { env, signal } = context;
  const toolchain = await prepareToolchain(fleet, { ...(yes && { yes }) }, context, emit);
  return openRun({ fleet, clusters, toolchain, writes: fix ?? false, env, signal, emit });
}

/** Checks, brings back what drifted by `up` with all its guards, and checks again: what counts is what is left. */
async function fixCluster(
  run: CheckRun,
  cluster: Cluster,
  checking: CheckOptions,
  up: (cluster: Cluster) => Promise<ClusterReport>,
): Promise<ClusterReport> {
  const { emit } = run;
  const quietly = { ...run, emit: unfinished(emit) };
  const end = (result: ClusterReport) => {
    emit({ type: 'cluster-finished', cluster: cluster.name, result });
    return result;
  };
  const found = await checkCluster(quietly, cluster, checking);
  const fixable = found.drift?.findings.filter((one) => one.level === 'problem' && isFixable(one)) ?? [];
  if (fixable.length === 0) return end(found);
  for (const finding of fixable)
    emit({ type: 'note', level: 'info', message: describeFinding(finding), cluster: cluster.name });
  const result = await up(cluster);
  if (result.error || !found.drift) return end({ ...result, ...(found.drift && { drift: found.drift }) });
  const after = await checkCluster(quietly, cluster, checking);
  const { drift, error } = after;
  return end({
    ...result,
    stages: [...found.stages, ...result.stages, ...after.stages],
    outcome: after.outcome === 'unchanged' ? 'updated' : after.outcome,
    ...(drift && { drift: { ...drift, fixed: fixable } }),
    ...(error && { error }),
  });
}

/** No run starts an engine that is down, or sets a clock; `up` unlocks, and loads images. */
function isFixable({ kind, check }: { kind: string; check: string }): boolean {
  return kind !== 'fault' || check === 'image' || check === 'locked';
}

/** The steps in between are no result of a cluster. */
function unfinished(emit: Emit): Emit {
  return (event) => {
    if (event.type !== 'cluster-finished') emit(event);
  };
}

async function rememberFindings(
  { state, emit }: CheckRun,
  seen: SeenDrift,
  found: ClusterReport[],
): Promise<void> {
  try {
    await writeSeen(state, seen, found);
  } catch (error) {
    const message = `What was found could not be kept, so it is new again the next time: ${reasonOf(error)}.`;
    emit({ type: 'note', level: 'warning', message });
  }
}

function tellPrometheus(path: string, reports: ClusterReport[] | undefined): void {
  try {
    writeMetrics(path, driftMetrics(reports, Math.round(Date.now() / 1000)));
  } catch (cause) {
    throw new SwarmctlError('output', `${path} could not be written: ${reasonOf(cause)}.`, { cause });
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
