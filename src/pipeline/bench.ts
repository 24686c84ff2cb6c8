import { randomBytes } from 'node:crypto';
import { limitsThroughput } from '../bench/budget.ts';
import { measurePair } from '../bench/measure-pair.ts';
import { choosePairs, countSlots, eachDisjoint, type Pair, samplePairs } from '../bench/pairs.ts';
import { type BenchPlan, estimateSeconds, type PlanOptions, planBench } from '../bench/plan.ts';
import type { Session } from '../bench/session.ts';
import { type Engine, openOuterEngine } from '../docker/engine.ts';
import { openImageShelf } from '../docker/image-shelf.ts';
import { nodeStore } from '../docker/node-stores.ts';
import { openSwarm } from '../docker/swarm.ts';
import { SwarmctlError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import type { BenchResult, ClusterBench, PairBench } from '../report/bench-result.ts';
import type { ClusterReport } from '../report/report.ts';
import { reportOn } from './cluster.ts';
import { openClusterProbes, type ProbeContext } from './cluster-probes.ts';
import { machinesOf, managersOf } from './machines.ts';

export interface BenchOptions extends Omit<PlanOptions, 'throughput'> {
  fleet: Fleet;
  clusters: readonly Cluster[];
  /** Clusters at the same time. */
  parallel: number;
  /** Reference of the probes' image on the outer engine. */
  probeImage: string | undefined;
  emit: Emit;
  signal: AbortSignal;
}

/** A benchmark of several clusters. */
export interface Bench {
  /** About how long it will take, in seconds. */
  estimatedSeconds: number;
  /** Measures inside one cluster and gives its one result; errors are in it. */
  measureCluster(cluster: Cluster): Promise<ClusterReport>;
  /**
   * Measures between the clusters whose probes run, and removes all probes, also after an interruption.
   * @throws SwarmctlError `interrupted`.
   */
  finish(): Promise<BenchResult>;
}

/** What of a benchmark is there so far. */
interface Progress {
  sessions: Session[];
  measured: ClusterBench[];
}

/** @throws SwarmctlError `usage` when it cannot be done in the time that is given. */
export function openBench(options: BenchOptions): Bench {
  const slotsOf = (plan: BenchPlan) => countAllSlots(options, plan);
  const throughput = limitsThroughput(options.fleet.bench.budget);
  const plan = planBench({ ...options, throughput }, slotsOf);
  const startedAt = new Date();
  const start = performance.now();
  const outer = openOuterEngine();
  const progress: Progress = { sessions: [], measured: [] };
  return {
    estimatedSeconds: estimateSeconds(plan, slotsOf(plan)),
    measureCluster: (cluster) => measureCluster(options, cluster, { plan, outer, progress }),
    async finish() {
      const between = await closing(progress.sessions, outer, () => measureBetween(options, plan, progress));
      return {
        version: 1,
        id: `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${randomBytes(2).toString('hex')}`,
        startedAt: startedAt.toISOString(),
        durationMs: Math.round(performance.now() - start),
        mode: plan.mode,
        clusters: inOrder(options.clusters, progress.measured),
        between,
      };
    },
  };
}

function inOrder<T extends { cluster: string }>(clusters: readonly Cluster[], parts: readonly T[]): T[] {
  return clusters.flatMap(({ name }) => parts.find(({ cluster }) => cluster === name) ?? []);
}

/** Pairs one after another: of the largest cluster, as often as clusters wait for each other, and between them. */
function countAllSlots({ fleet, clusters, parallel }: BenchOptions, plan: BenchPlan): number {
  const machines = clusters.map((cluster) =>
    machinesOf(fleet, cluster).map((machine) => ({ ...machine, cluster: cluster.name })),
  );
  const choice = { most: plan.pairs, bothWays: plan.bothWays, zoneOf: () => undefined };
  const inside = Math.max(...machines.map((nodes) => countSlots(choosePairs(nodes, choice))));
  const between = betweenPairs(machines.flat(), ({ cluster }) => cluster, plan);
  return Math.ceil(clusters.length / parallel) * inside + countSlots(between) / 2;
}

/** A quick run measures one pair of nodes for each pair of clusters. */
function betweenPairs<T>(nodes: readonly T[], clusterOf: (node: T) => string, plan: BenchPlan): Pair<T>[] {
  const candidates = nodes.flatMap((from, index) =>
    (plan.bothWays ? nodes : nodes.slice(index + 1))
      .filter((to) => clusterOf(to) !== clusterOf(from))
      .map((to) => [from, to] as const),
  );
  const clusters = new Set(candidates.map(([from, to]) => `${clusterOf(from)} ${clusterOf(to)}`)).size;
  const most = plan.mode === 'quick' ? Math.min(clusters, plan.pairs) : plan.pairs;
  return samplePairs(candidates, { most, zoneOf: clusterOf });
}

function measureCluster(
  options: BenchOptions,
  cluster: Cluster,
  { plan, outer, progress }: { plan: BenchPlan; outer: Engine; progress: Progress },
): Promise<ClusterReport> {
  const { fleet, probeImage, emit, signal } = options;
  return reportOn(cluster, emit, async (stages) => {
    const machines = machinesOf(fleet, cluster);
    const swarm = openSwarm(managersOf(fleet, cluster), { signal });
    const run = { fleet, outer, images: openImageShelf(outer), signal, emit, probeImage };
    const imageStore = () => nodeStore(machines.map(({ endpoint }) => endpoint));
    const context: ProbeContext = { run, cluster, machines, swarm, imageStore };
    const measure = async (onProgress: (message: string) => void) => {
      const session = await openClusterProbes(context, plan, onProgress);
      progress.sessions.push(session);
      const measured = await session.measure();
      progress.measured.push(measured);
      return measured;
    };
    try {
      checkMeasured(await stages.run('bench', measure, describe));
      return 'unchanged';
    } finally {
      swarm.close();
    }
  });
}

/** @throws SwarmctlError `no-bench-data` where nothing at all was measured. */
function checkMeasured({ cluster, pairs }: ClusterBench): void {
  if (pairs.length === 0 || pairs.some(({ latency }) => latency.length > 0)) return;
  const reasons = new Set(pairs.flatMap(({ missing }) => missing.map(({ reason }) => reason)));
  throw new SwarmctlError('no-bench-data', `No latency could be measured between the nodes of ${cluster}.`, {
    details: [...reasons],
    hint: 'Check that the nodes reach each other on UDP port 4789, TCP and UDP port 7946, and 24789 and 24790.',
  });
}

function describe({ pairs }: ClusterBench): string {
  const missing = pairs.flatMap(({ missing }) => missing).length;
  return `${pairs.length} pairs${missing > 0 ? `, ${missing} measurements are missing` : ''}`;
}

async function measureBetween(
  { clusters, emit, signal }: BenchOptions,
  plan: BenchPlan,
  { sessions }: Progress,
): Promise<PairBench[]> {
  const probes = inOrder(clusters, sessions).flatMap(({ probes }) => probes);
  const pairs = betweenPairs(probes, ({ node }) => node.cluster, plan);
  if (pairs.length === 0 || signal.aborted) return [];
  emit({ type: 'note', level: 'info', message: `Measuring ${pairs.length} pairs between the clusters` });
  const options = { plan, paths: ['host'] as const, encrypted: false, onStep: () => {}, signal };
  return eachDisjoint(pairs, async (pair) => (await measurePair(pair, options)).bench);
}

/** What could not be removed ends by itself; the error of the work comes first. */
async function closing<T>(sessions: readonly Session[], outer: Engine, work: () => Promise<T>): Promise<T> {
  const close = async () => {
    const closed = await Promise.allSettled(sessions.map((session) => session.close()));
    outer.close();
    return closed.find(({ status }) => status === 'rejected');
  };
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await close();
    throw error;
  }
  const failed = await close();
  if (failed?.status === 'rejected') throw failed.reason;
  return result;
}
