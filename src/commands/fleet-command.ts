import { combinedExitCode, type ExitCode, exitCodeOf, exitCodes, SwarmctlError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { loadFleet } from '../fleet/load.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { selectClusters } from '../fleet/select.ts';
import { mapParallel } from '../pipeline/parallel.ts';
import { createReporter } from '../report/choose.ts';
import type { ClusterReport, Report } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';
import type { CommandContext, FleetOptions } from './context.ts';

/** A command's part of a run: what is done before the clusters, and for each of them. */
export interface FleetWork {
  fleet: Fleet;
  clusters: Cluster[];
  emit: Emit;
  reporter: Reporter;
}

export interface FleetCommand {
  name: string;
  /** Clusters that are worked on at the same time. */
  parallel: number;
  /** Prepares the run and returns what is done for each cluster. */
  prepare(work: FleetWork): Promise<(cluster: Cluster) => Promise<ClusterReport>>;
  /** What remains to do when all clusters have their results. */
  finish?(reports: ClusterReport[]): Promise<void>;
  /** What to tell the reader after a result without failures. */
  advice?(fleet: Fleet): string;
}

/** The fleet and the clusters of it that a command is about. */
export async function loadSelection(
  options: FleetOptions,
  context: CommandContext,
): Promise<{ fleet: Fleet; clusters: Cluster[] }> {
  const { env, directory, io } = context;
  const { file, target, regions, clusters } = options;
  const fleet = await loadFleet({ file, target, regions, directory, env, isTerminal: io.isTerminal });
  return { fleet, clusters: selectClusters(fleet, { regions, clusters }, env) };
}

/**
 * Runs a command over the selected clusters and reports one result for each.
 * @returns the exit code of all results together.
 */
export async function runFleetCommand(
  command: FleetCommand,
  options: FleetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const start = performance.now();
  const { fleet, clusters } = await loadSelection(options, context);
  const reporter = createReporter(context.io, { json: options.json ?? false });
  const emit: Emit = (event) => reporter.onEvent(event);
  try {
    emit({ type: 'run-started', command: command.name, clusters: clusters.map(({ name }) => name) });
    const work = await command.prepare({ fleet, clusters, emit, reporter });
    const reports = await mapParallel(clusters, command.parallel, work);
    await command.finish?.(reports);
    const report = summarize(command.name, reports, performance.now() - start);
    reporter.finish(report);
    if (report.ok && command.advice && !options.json) context.io.stdout.write(`\n${command.advice(fleet)}\n`);
    return report.exitCode;
  } finally {
    reporter.stop();
  }
}

function summarize(command: string, clusters: ClusterReport[], durationMs: number): Report {
  const exitCode = combinedExitCode(clusters.map(exitCodeOfCluster));
  const ok = exitCode === exitCodes.done;
  return { version: 1, command, ok, exitCode, durationMs: Math.round(durationMs), clusters };
}

function exitCodeOfCluster({ error }: ClusterReport): ExitCode {
  return error ? exitCodeOf(new SwarmctlError(error.code, error.message)) : exitCodes.done;
}
