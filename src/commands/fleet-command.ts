import { resolve } from 'node:path';
import {
  asInterrupted,
  combinedExitCode,
  type ExitCode,
  exitCodeOf,
  exitCodes,
  SwarmctlError,
} from '../errors.ts';
import type { Emit } from '../events.ts';
import { loadFleet } from '../fleet/load.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { selectClusters } from '../fleet/select.ts';
import type { Notices } from '../notify/notices.ts';
import { mapParallel } from '../pipeline/parallel.ts';
import { annotationLines } from '../report/annotations.ts';
import { createReporter } from '../report/choose.ts';
import { failedReport } from '../report/error.ts';
import { createOutputs } from '../report/outputs.ts';
import type { ClusterReport, Report } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';
import { takeVariables } from '../sources/read-sources.ts';
import type { CommandContext, FleetOptions, ReportOptions } from './context.ts';

/** A command's part of a run: what is done before the clusters, and for each of them. */
export interface FleetWork {
  fleet: Fleet;
  clusters: Cluster[];
  emit: Emit;
  reporter: Reporter;
}

/** What is done for a cluster; a canary has to stay healthy for so many milliseconds afterwards. */
export type Work = (cluster: Cluster, soakMs?: number) => Promise<ClusterReport>;

export interface FleetCommand {
  name: string;
  /** Clusters that are worked on at the same time. */
  parallel: number;
  /** What has to hold before anything is read; throws otherwise. */
  check?(): void;
  /** Prepares the run and returns what is done for each cluster. */
  prepare(work: FleetWork): Promise<Work>;
  /** How the clusters take turns; at the same time, as far as `parallel` allows, where nothing is said. */
  takeTurns?(clusters: Cluster[], work: Work): Promise<ClusterReport[]>;
  /** One more result: that of what lies between the clusters, once these have theirs. */
  links?(reports: ClusterReport[]): Promise<ClusterReport | undefined>;
  /** What remains to do when all clusters have their results; may add to the report. */
  finish?(reports: ClusterReport[]): Promise<Finished | undefined>;
  /** What to tell the reader after a result without failures, where there is something. */
  advice?(fleet: Fleet): string | undefined;
  /** Whether those whom the fleet file names under `notify` are told of its end. */
  notifies?: boolean;
}

/** What a command adds to the report of the clusters; its exit code counts like that of one more cluster. */
type Finished = Partial<Pick<Report, 'benchmark' | 'verdict' | 'trend' | 'error' | 'exitCode'>>;

/** The fleet and the clusters of it that a command is about. */
export async function loadSelection(
  options: FleetOptions,
  context: CommandContext,
): Promise<{ fleet: Fleet; clusters: Cluster[] }> {
  const { env, directory, io } = context;
  const { file, target, regions, clusters } = options;
  const { isTerminal } = io;
  const fleet = await loadFleet({ file, target, regions, directory, env, isTerminal });
  // Before any process is started.
  takeVariables(fleet, env);
  return { fleet, clusters: selectClusters(fleet, { regions, clusters }, env) };
}

/**
 * Runs a command over the selected clusters and reports one result for each.
 * @returns the exit code of all results together.
 */
export async function runFleetCommand(
  command: FleetCommand,
  options: ReportOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const start = performance.now();
  const durationMs = () => Math.round(performance.now() - start);
  const reporter = createReporter(context.io, { json: options.json ?? false });
  const tellFiles = openOutputs(options, context, reporter);
  const emit: Emit = (event) => {
    reporter.onEvent(event);
    tellFiles(event);
  };
  let notices: Notices | undefined;
  try {
    command.check?.();
    const work = { ...(await loadSelection(options, context)), emit, reporter };
    notices = command.notifies ? await openFleetNotices(command, work, context) : undefined;
    const { reports, more } = await runClusters(command, work);
    const report = summarize(command.name, work.fleet, reports, durationMs(), more);
    emit({ type: 'run-finished', report });
    reporter.finish(report);
    const advice = report.ok && !options.json && command.advice?.(work.fleet);
    if (advice) context.io.stdout.write(`\n${advice}\n`);
    await notices?.send(report);
    return report.exitCode;
  } catch (error) {
    const shown = context.signal.aborted ? asInterrupted(error) : error;
    const report = failedReport(command.name, shown, durationMs());
    emit({ type: 'run-finished', report });
    await notices?.send(report);
    throw shown;
  } finally {
    reporter.stop();
  }
}

/** The results of all clusters, in their order. */
async function runClusters(
  command: FleetCommand,
  work: FleetWork,
): Promise<{ reports: ClusterReport[]; more: Finished }> {
  const { clusters, emit } = work;
  emit({ type: 'run-started', command: command.name, clusters: clusters.map(({ name }) => name) });
  const run = await command.prepare(work);
  const takeTurns = command.takeTurns ?? (() => mapParallel(clusters, command.parallel, (one) => run(one)));
  const reports = await takeTurns(clusters, run);
  const links = await command.links?.(reports);
  if (links) reports.push(links);
  const more = (await command.finish?.(reports)) ?? {};
  return { reports, more };
}

/** Those who are told of the run's end; what needs a network is loaded only where there are any. */
async function openFleetNotices(
  { name }: FleetCommand,
  { fleet, clusters, reporter }: FleetWork,
  { env, signal }: CommandContext,
): Promise<Notices | undefined> {
  const { notify } = fleet;
  if (!notify) return undefined;
  const { openNotices } = await import('../notify/notices.ts');
  // Not an event: the result is told before the notices are sent, and is the last event of a run.
  const warn = (message: string) => reporter.onEvent({ type: 'note', level: 'warning', message });
  const names = clusters.map((cluster) => cluster.name);
  return openNotices({ fleet, notify, command: name, clusters: names, env, signal, warn });
}

function openOutputs(
  { html, events }: ReportOptions,
  { directory, env, io }: CommandContext,
  reporter: Reporter,
): Emit {
  const absolute = (path: string | undefined) => (path ? resolve(directory, path) : undefined);
  const files = {
    html: absolute(html),
    events: absolute(events),
    jobSummary: absolute(env.GITHUB_STEP_SUMMARY),
  };
  const tellFiles = createOutputs(files, (message) =>
    reporter.onEvent({ type: 'note', level: 'warning', message }),
  );
  return (event) => {
    tellFiles(event);
    if (event.type !== 'run-finished' || env.GITHUB_ACTIONS !== 'true') return;
    const folders = { directory, workspace: env.GITHUB_WORKSPACE ?? directory };
    for (const line of annotationLines(event.report, folders)) io.stderr.write(`${line}\n`);
  };
}

function summarize(
  command: string,
  fleet: Fleet,
  clusters: ClusterReport[],
  durationMs: number,
  { exitCode: ownCode = exitCodes.done, ...more }: Finished,
): Report {
  const exitCode = combinedExitCode([...clusters.map(exitCodeOfCluster), ownCode]);
  const ok = exitCode === exitCodes.done;
  return {
    version: 1,
    command,
    fleet: fleet.name,
    ok,
    exitCode,
    durationMs: Math.round(durationMs),
    clusters,
    ...more,
  };
}

function exitCodeOfCluster({ error, outcome }: ClusterReport): ExitCode {
  if (outcome === 'drifted') return exitCodes.driftOrPending;
  return error ? exitCodeOf(new SwarmctlError(error.code, error.message)) : exitCodes.done;
}
