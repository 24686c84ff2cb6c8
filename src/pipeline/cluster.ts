import { join } from 'node:path';
import type { ImageStore } from '../docker/image-shelf.ts';
import { nodeStore } from '../docker/node-stores.ts';
import { openSwarm, type Swarm } from '../docker/swarm.ts';
import { warnOfZones } from '../docker/zones.ts';
import { addCounts, type StackChanges } from '../engine/changes.ts';
import type { Stack as PulumiStack } from '../engine/stack.ts';
import { orStateError } from '../engine/state-failure.ts';
import type { Operation } from '../engine/watch.ts';
import { exitCodeOf, exitCodes, SwarmctlError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Cluster } from '../fleet/model.ts';
import { errorReport } from '../report/error.ts';
import type { ClusterReport, Outcome } from '../report/report.ts';
import { describeOwner, type Owner, withLock } from '../toolchain/lock.ts';
import { stateFolder } from './fleet-state.ts';
import { type Machine, machinesOf, managersOf } from './machines.ts';
import type { Run } from './run.ts';
import { createStages, type Stages } from './stages.ts';
import { targetOf } from './targets/target.ts';

/** What the stages of one cluster work with. */
export interface ClusterContext {
  run: Run;
  cluster: Cluster;
  machines: Machine[];
  swarm: Swarm;
  stages: Stages;
  report: ClusterReport;
  /** Whether the state holds the cluster's machines and apps. */
  exists: { machines: boolean; apps: boolean };
  /** How the nodes keep images; asked once. */
  imageStore(): Promise<ImageStore>;
}

/** Name of the stack of a cluster's apps; the machines' stack has the cluster's name. */
export function appsStackName(cluster: Cluster): string {
  return `${cluster.name}.apps`;
}

/**
 * Does `work` for one cluster and makes its one result, whatever happens.
 * @param access `exclusive` for what writes: no two such runs work on a cluster at the same time.
 * @param work fills in the report and says how it came out.
 */
export async function withCluster(
  run: Run,
  cluster: Cluster,
  access: 'exclusive' | 'beside others',
  work: (context: ClusterContext) => Promise<Outcome>,
): Promise<ClusterReport> {
  return reportOn(cluster, run.emit, (stages, report) =>
    withContext(run, cluster, { stages, report }, (context) =>
      access === 'exclusive' ? exclusively(run, cluster, () => work(context)) : work(context),
    ),
  );
}

/** Opens what the stages of a cluster work with, for the length of `work`. */
export async function withContext<T>(
  run: Run,
  cluster: Cluster,
  parts: Pick<ClusterContext, 'stages' | 'report'>,
  work: (context: ClusterContext) => Promise<T>,
): Promise<T> {
  const swarm = openSwarm(managersOf(run.fleet, cluster), { signal: run.signal });
  const exists = {
    machines: run.existing.has(cluster.name),
    apps: run.existing.has(appsStackName(cluster)),
  };
  const machines = machinesOf(run.fleet, cluster);
  let store: Promise<ImageStore> | undefined;
  const imageStore = () => {
    store ??= nodeStore(machines.map(({ endpoint }) => endpoint));
    return store;
  };
  // What was killed left its plans as well.
  const removePlans = () =>
    Promise.all([cluster.name, appsStackName(cluster)].map((name) => run.workspace.removePlans(name)));
  try {
    await removePlans();
    return await work({ run, cluster, machines, swarm, exists, imageStore, ...parts });
  } finally {
    await removePlans();
    swarm.close();
  }
}

/** The one result of a cluster: what `work` fills in, and the error that ended it. */
export async function reportOn(
  cluster: Pick<Cluster, 'name' | 'region'>,
  emit: Emit,
  work: (stages: Stages, report: ClusterReport) => Promise<Outcome>,
): Promise<ClusterReport> {
  const { name, region } = cluster;
  const stages = createStages(name, emit);
  const report = emptyReport(name, region);
  try {
    report.outcome = await work(stages, report);
    const warning = warnOfZones(report.nodes.filter(({ role }) => role === 'manager'));
    if (warning) warn({ emit }, cluster, warning);
  } catch (error) {
    report.outcome = exitCodeOf(error) === exitCodes.refused ? 'refused' : 'failed';
    report.error = errorReport(orStateError(error));
  }
  report.stages = stages.records;
  emit({ type: 'cluster-finished', cluster: name, result: report });
  return report;
}

/** The result of a cluster for which nothing was done yet. */
export function emptyReport(name: string, region: string): ClusterReport {
  const changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  return {
    name,
    region,
    outcome: 'failed',
    stages: [],
    changes,
    steps: [],
    services: [],
    nodes: [],
    urls: [],
  };
}

/**
 * Works on a cluster while no other run does.
 * @param deadlineMs how long another run is waited for, in milliseconds.
 * @throws SwarmctlError `locked` that names the run that works on the cluster.
 */
export async function exclusively<T>(
  run: Pick<Run, 'fleet' | 'emit' | 'signal'>,
  cluster: Pick<Cluster, 'name'>,
  work: () => Promise<T>,
  deadlineMs = 0,
): Promise<T> {
  const path = join(stateFolder(run.fleet), 'locks', cluster.name);
  let entered = false;
  try {
    const onTakeOver = (owner: Owner) =>
      warn(run, cluster, `Took over from a run that was cut off: ${describeOwner(owner)}`);
    return await withLock(path, { deadlineMs, onTakeOver, signal: run.signal }, () => {
      entered = true;
      return work();
    });
  } catch (error) {
    if (entered || !(error instanceof SwarmctlError && error.code === 'timeout')) throw error;
    throw new SwarmctlError('locked', `Another run of swarmctl works on cluster ${cluster.name}.`, {
      details: [...error.details],
      hint: `Wait until it has ended. If its host is gone for good, remove ${path}.`,
      cause: error,
    });
  }
}

/** The stack of the cluster's machines and their swarm. Pulumi starts while the settings are still being written. */
export function openMachines(context: ClusterContext): Promise<PulumiStack> {
  const { run, cluster, swarm } = context;
  const machines = targetOf(run.fleet).program(context);
  const program = async () => {
    await run.settingsStored;
    return machines();
  };
  return run.workspace.open({ name: cluster.name, program, swarm });
}

/** The stack of the cluster's apps for what needs no program: refresh and destroy. */
export function openAppsStack(
  { run, cluster, swarm }: ClusterContext,
  program = async () => {},
): Promise<PulumiStack> {
  return run.workspace.open({ name: appsStackName(cluster), program, swarm });
}

/** Where the working files of the apps' stack are. */
export function appsFolder({ run, cluster }: ClusterContext): string {
  return join(run.state.folder, 'work', appsStackName(cluster));
}

/** An operation of the engine that tells of its progress as that of a stage. */
export function operation(
  { run, cluster }: { run: Pick<Run, 'emit' | 'signal'>; cluster: Pick<Cluster, 'name'> },
  what: string,
  onProgress: (message: string) => void,
): Operation {
  const onChanged = (step: ClusterReport['steps'][number]) =>
    run.emit({ type: 'resource-changed', cluster: cluster.name, step });
  const onWarning = (text: string) => warn(run, cluster, text);
  const listener = { onProgress, onChanged, onWarning };
  return { what: `${what} of ${cluster.name}`, signal: run.signal, listener };
}

export function warn({ emit }: Pick<Run, 'emit'>, { name }: Pick<Cluster, 'name'>, message: string): void {
  emit({ type: 'note', level: 'warning', message, cluster: name });
}

/** Adds what a stack changes to the cluster's result. */
export function recordChanges(report: ClusterReport, { counts, steps }: StackChanges): void {
  report.steps.push(...steps);
  addCounts(report.changes, counts);
}
