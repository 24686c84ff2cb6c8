import { resolve } from 'node:path';
import { type ExitCode, SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import { checkLinks, pendingLinks } from '../pipeline/check-links.ts';
import { type CheckRun, openCheckRun } from '../pipeline/check-run.ts';
import { type CheckOptions, checkCluster } from '../pipeline/drift-check.ts';
import { fleetLinks, upLinks } from '../pipeline/links.ts';
import { pendingChanges } from '../pipeline/pending-changes.ts';
import { openRun, type Run } from '../pipeline/run.ts';
import { markKnown, readSeen, type SeenDrift, writeSeen } from '../pipeline/seen-drift.ts';
import type { Stages } from '../pipeline/stages.ts';
import type { UnmanagedMode } from '../pipeline/unmanaged-objects.ts';
import { upCluster } from '../pipeline/up.ts';
import { driftMetrics } from '../report/drift-metrics.ts';
import { checkOutputFile, reasonOf } from '../report/output-file.ts';
import { writeMetrics } from '../report/prometheus.ts';
import type { ClusterReport } from '../report/report.ts';
import { type ApprovalOptions, createApproval, requireConsent } from './approval.ts';
import type { CommandContext, ReportOptions } from './context.ts';
import { fixDrift } from './fix-drift.ts';
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
  let links: Checking['links'] = async () => undefined;
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
          const checking = checkOf(opened.run, seen, work, options, context);
          links = checking.links;
          return checking.cluster;
        },
        links: (found) => links(found),
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

/** What is done for each cluster, and for what lies between them. */
interface Checking {
  cluster(cluster: Cluster): Promise<ClusterReport>;
  links(clusters: readonly ClusterReport[]): Promise<ClusterReport | undefined>;
}

function checkOf(
  run: CheckRun,
  seen: SeenDrift | undefined,
  work: FleetWork,
  options: DriftCheckOptions,
  context: CommandContext,
): Checking {
  const fullRun = once(() => openFullRun(work, options, context));
  const checking: CheckOptions = {
    unmanaged: options.unmanaged,
    ...(seen && { recognise: ({ name }, findings) => markKnown(findings, seen[name]) }),
    ...(options.pending && {
      pending: async (cluster, stages) => pendingChanges(await fullRun(), cluster, stages),
    }),
  };
  const pending = options.pending
    ? async (stages: Stages) => pendingLinks(await fullRun(), stages)
    : undefined;
  const between = (checked: CheckRun) => checkLinks(checked, checking, pending);
  if (!options.fix) return { cluster: (one) => checkCluster(run, one, checking), links: () => between(run) };
  const approve = createApproval(options, context, work.reporter);
  const up = { skipBench: true, command: 'drift-check --fix', approve, asks: !options.yes };
  return {
    cluster: (one) =>
      fixDrift(run, fullRun, {
        name: one.name,
        check: (checked) => checkCluster(checked, one, checking),
        up: (full) => upCluster(full, one, up),
      }),
    links: (clusters) =>
      fixDrift(run, fullRun, {
        name: fleetLinks.name,
        check: between,
        up: (full) => upLinks(full, clusters, approve),
      }),
  };
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
