import { allSettled } from '../bench/all-settled.ts';
import { nodeReport, serviceReport } from '../docker/cluster-state.ts';
import { confirmNodes, type LiveSwarm, readLiveSwarm } from '../docker/live-swarm.ts';
import { managerCertificate, type NodeHealth, readNodeHealth } from '../docker/node-health.ts';
import { nodeName } from '../docker/node-name.ts';
import { openSwarm, type Swarm } from '../docker/swarm.ts';
import type { ComparedResource } from '../engine/compared.ts';
import type { Operation } from '../engine/watch.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, DriftFinding, DriftReport, Outcome } from '../report/report.ts';
import { whileIdle } from './busy.ts';
import type { CheckRun } from './check-run.ts';
import { appsStackName, reportOn, warn } from './cluster.ts';
import { driftFindings } from './drift-findings.ts';
import { applyRules, endedRules } from './drift-rules.ts';
import { fault, findFaults } from './faults.ts';
import { lastSuccess, readHistory } from './history.ts';
import { machinesOf, managersOf } from './machines.ts';
import { tellOldSecrets } from './secret-versions.ts';
import type { Stages } from './stages.ts';
import { findUnmanaged, type UnmanagedMode } from './unmanaged-objects.ts';

export interface CheckOptions {
  unmanaged: UnmanagedMode;
  /** Marks what an earlier check has told already. */
  recognise?(cluster: Pick<Cluster, 'name'>, findings: DriftFinding[]): DriftFinding[];
  /** What the files would change, where that is asked for too. */
  pending?(cluster: Cluster, stages: Stages): Promise<DriftFinding[]>;
}

/**
 * How long a cluster has to answer, in milliseconds: an election takes up to about 15 s, and the last questions to
 * engines that hang some more, so that it is said within 30 s.
 */
const answerDeadlineMs = 18_000;
/** How long the engine of each node has to answer, in milliseconds, and how long when it is asked again. */
const nodeDeadlineMs = 5_000;
const secondNodeDeadlineMs = 10_000;

/**
 * Compares one cluster with its state, and looks for what is wrong besides. Nothing is written, anywhere.
 * @returns its one result; one that could not be looked at has failed.
 */
export function checkCluster(run: CheckRun, cluster: Cluster, options: CheckOptions): Promise<ClusterReport> {
  return reportOn(cluster, run.emit, async (stages, report) => {
    await lookForDrift(run, cluster, options, { stages, report });
    return outcomeOf(report);
  });
}

/** Fills in the cluster's result with what was found. */
async function lookForDrift(
  run: CheckRun,
  cluster: Cluster,
  options: CheckOptions,
  { stages, report }: { stages: Stages; report: ClusterReport },
): Promise<void> {
  const { fleet, state } = run;
  const stacks = stacksOf(run, cluster);
  const look = async () => {
    const seen = await stages.run(
      'check',
      (onProgress) => compareCluster(run, cluster, { stacks, onProgress, unmanaged: options.unmanaged }),
      ({ compared }) => `${compared} resources compared`,
    );
    const pending = (await options.pending?.(cluster, stages)) ?? [];
    return { ...seen, findings: [...seen.findings, ...pending] };
  };
  const { nodes, services, ...drift } = await whileIdle(
    { project: fleet.name, cluster, state, stacks },
    look,
  );
  Object.assign(report, { nodes, services });
  report.drift = { ...drift, findings: judgeFindings(run, cluster, drift.findings, options) };
}

/** Findings by the rules of the fleet file, and by what was told before. */
export function judgeFindings(
  run: CheckRun,
  cluster: Pick<Cluster, 'name'>,
  findings: readonly DriftFinding[],
  { recognise }: Pick<CheckOptions, 'recognise'>,
): DriftFinding[] {
  const { rules, today } = rulesOf(run, cluster);
  const judged = applyRules(findings, rules, today);
  return recognise?.(cluster, judged) ?? judged;
}

/** @throws SwarmctlError `not-found` when the state knows nothing of the cluster. */
export function stacksOf({ state, existing }: CheckRun, cluster: Cluster): string[] {
  const stacks = [cluster.name, appsStackName(cluster)].filter((name) => existing.has(name));
  if (stacks.length > 0) return stacks;
  throw new SwarmctlError(
    'not-found',
    `Cluster ${cluster.name} is not in the state: nothing can be compared.`,
    {
      details: [`state: ${state.folder}`],
      hint: '`swarmctl up` forms it; one that runs already is taken over by `swarmctl adopt`.',
    },
  );
}

export function outcomeOf({ drift }: ClusterReport): Outcome {
  return drift?.findings.some(({ level }) => level === 'problem') ? 'drifted' : 'unchanged';
}

/** The rules of the fleet file; of those that have ended the reader is told. */
function rulesOf(run: CheckRun, cluster: Pick<Cluster, 'name'>) {
  const rules = run.fleet.ignore ?? [];
  const today = new Date().toISOString().slice(0, 10);
  for (const { match, until } of endedRules(rules, today))
    warn(run, cluster, `The rule that ignores "${match}" ended on ${until}.`);
  return { rules, today };
}

type Found = DriftReport & Pick<ClusterReport, 'nodes' | 'services'>;

interface Comparison {
  stacks: readonly string[];
  unmanaged: UnmanagedMode;
  onProgress(message: string): void;
}

/** The swarm of a cluster, which has to answer before long. */
export function openClusterSwarm({ fleet, signal }: CheckRun, cluster: Cluster): Swarm {
  return openSwarm(managersOf(fleet, cluster), { deadlineMs: answerDeadlineMs, signal });
}

/** Compares a cluster with its state and looks at its health; nobody else may be at work on it. */
export async function compareCluster(
  run: CheckRun,
  cluster: Cluster,
  comparison: Comparison,
): Promise<Found> {
  const swarm = openClusterSwarm(run, cluster);
  try {
    if (!(await hasSwarm(swarm))) return withoutSwarm(cluster);
    const [compared, health] = await allSettled([
      compareStacks(run, cluster, swarm, comparison),
      readHealth(run, cluster, swarm),
    ]);
    const [nodes, liveNodes] = await Promise.all([
      confirmSilence(run, cluster, health.nodes),
      confirmNodes(swarm, health.live.nodes, secondNodeDeadlineMs),
    ]);
    const live = { ...health.live, nodes: liveNodes };
    await tellOldSecrets({ fleet: run.fleet, cluster, swarm }, run.emit);
    return findingsOf(run, cluster, compared, { ...health, live, nodes }, comparison.unmanaged);
  } finally {
    swarm.close();
  }
}

/** Asked before anything else: without an answer each of the questions that follow would wait in vain. */
async function hasSwarm(swarm: Swarm): Promise<boolean> {
  try {
    await swarm.ask('asking for the swarm', (api) => api.swarmInspect());
    return true;
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'no-swarm') return false;
    throw error;
  }
}

/** All engines say that they are in no swarm: what was in it is gone with it. */
function withoutSwarm({ name }: Cluster): Found {
  const message = 'is gone: none of its engines is in a swarm';
  const gone = { kind: 'drift', type: 'Swarm', name, check: 'gone', message, level: 'problem' } as const;
  return { compared: 1, findings: [{ ...gone, fields: [] }], nodes: [], services: [] };
}

async function compareStacks(
  run: CheckRun,
  cluster: Cluster,
  swarm: Swarm,
  { stacks, onProgress }: Comparison,
): Promise<ComparedResource[]> {
  const onWarning = (text: string) => warn(run, cluster, text);
  const comparing: Operation = {
    what: `Comparing ${cluster.name} with its state`,
    signal: run.signal,
    listener: { onProgress, onChanged: () => {}, onWarning },
  };
  const compared = await allSettled(
    stacks.map(async (name) => {
      const stack = await run.workspace.open({ name, program: async () => {}, swarm });
      return stack.compare(comparing);
    }),
  );
  return compared.flat();
}

/** Beside the comparison a machine may be too busy to answer; an engine is silent when it is so after that, too. */
async function confirmSilence(
  { fleet }: CheckRun,
  cluster: Cluster,
  nodes: NodeHealth[],
): Promise<NodeHealth[]> {
  const silent = nodes.filter(({ silence }) => silence !== undefined).map(({ name }) => name);
  const machines = machinesOf(fleet, cluster).filter(({ name }) => silent.includes(name));
  const again = await readNodeHealth(machines, secondNodeDeadlineMs);
  return nodes.map((node) => again.find(({ name }) => name === node.name) ?? node);
}

type LiveHealth = Awaited<ReturnType<typeof readHealth>>;

async function readHealth({ fleet, state }: CheckRun, cluster: Cluster, swarm: Swarm) {
  const [live, nodes, history] = await Promise.all([
    readLiveSwarm(swarm),
    readNodeHealth(machinesOf(fleet, cluster), nodeDeadlineMs),
    readHistory(state.folder),
  ]);
  const settled = lastSuccess(history, cluster.name);
  return { live, nodes, settled, certificates: await readCertificates(live) };
}

async function readCertificates({ nodes }: LiveSwarm) {
  const found = await Promise.all(
    nodes.map(async (node) => {
      const { ManagerStatus } = node;
      const isUp = ManagerStatus?.Reachability === 'reachable';
      return [nodeName(node), isUp ? await managerCertificate(ManagerStatus.Addr) : undefined] as const;
    }),
  );
  return new Map(found.flatMap(([name, dates]) => (dates ? [[name, dates] as const] : [])));
}

function findingsOf(
  { fleet }: CheckRun,
  { name }: Cluster,
  compared: readonly ComparedResource[],
  { live, nodes, settled, certificates }: LiveHealth,
  unmanaged: UnmanagedMode,
): Found {
  const known = new Set(compared.flatMap((one) => (one.type === 'Node' ? [one.name] : [])));
  const services = live.services
    .filter(({ Spec }) => Spec.Labels?.['com.docker.stack.namespace'] === fleet.name)
    .map(serviceReport);
  const { engine } = fleet;
  const health = { live, services, nodes, settled, certificates, known, engine, now: new Date() };
  const findings = [
    ...driftFindings(compared, live),
    ...findFaults(health),
    ...findUnmanaged(live, fleet.name, new Set(compared.map(({ id }) => id)), unmanaged),
  ];
  if (compared.length === 0)
    findings.push(fault('Cluster', name, 'empty', { message: 'its state holds nothing' }));
  return { compared: compared.length, findings, nodes: live.nodes.map(nodeReport), services };
}
