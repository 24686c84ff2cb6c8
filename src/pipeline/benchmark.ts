import { budgetError, judgeBudget, limitsThroughput } from '../bench/budget.ts';
import { describeCheck } from '../bench/budget-wording.ts';
import { planBench } from '../bench/plan.ts';
import { SwarmctlError } from '../errors.ts';
import { type ClusterBench, idleSeries, type PairBench } from '../report/bench-result.ts';
import type { BudgetVerdict } from '../report/bench-verdict.ts';
import type { BenchPair, BenchReport } from '../report/report.ts';
import type { ClusterContext } from './cluster.ts';
import { openClusterProbes } from './cluster-probes.ts';

const messageBytes = 64;

export interface BenchmarkOptions {
  /** Whether this run has changed the apps already. */
  isUpdated: boolean;
}

/**
 * Measures between the cluster's nodes and stops the run when that misses the fleet's budget.
 * @throws SwarmctlError `budget-missed`, `no-bench-data`.
 */
export async function benchmarkCluster(context: ClusterContext, options: BenchmarkOptions): Promise<void> {
  const { stages, run } = context;
  const measured = await stages.run('bench', (onProgress) => measure(context, onProgress), describe);
  const clusters = measured ? [measured] : [];
  const budget = judgeBudget({ clusters, between: [] }, run.fleet.bench.budget);
  context.report.bench = { ...summarize(measured), ...(budget && { budget }) };
  if (!budget) return stages.skip('gate', 'no budget');
  await stages.run('gate', async () => checkBudget(context, budget, options));
}

/** A miss stops the run; what is in doubt is told. */
function checkBudget(
  { run, cluster }: ClusterContext,
  budget: BudgetVerdict,
  options: BenchmarkOptions,
): void {
  if (budget.missed.length > 0) throw budgetError(budget, options);
  for (const check of budget.unsure) {
    const message = `The budget is not sure to be met: ${describeCheck(check)}, but ${check.reason}`;
    run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
  }
}

/** Nothing in a cluster of one node. */
async function measure(
  context: ClusterContext,
  onProgress: (message: string) => void,
): Promise<ClusterBench | undefined> {
  const { run, machines } = context;
  if (machines.length < 2) return undefined;
  const throughput = limitsThroughput(run.fleet.bench.budget);
  const plan = planBench({ quick: true, throughput }, () => 1);
  const probeContext = { ...context, run: { ...run, probeImage: run.toolchain.probeImage } };
  const session = await openClusterProbes(probeContext, plan, onProgress);
  let measured: ClusterBench;
  try {
    measured = await session.measure();
    for (const pair of measured.pairs) checkMeasured(pair);
  } catch (error) {
    // The error that came first is the one to tell.
    await session.close().catch(() => undefined);
    throw error;
  }
  await session.close();
  return measured;
}

/** @throws SwarmctlError `no-bench-data` with the pair and the reason: apps need the overlay, and a p99 its messages. */
function checkMeasured(pair: PairBench): void {
  const series = idleSeries(pair, 'overlay');
  if (series?.p99 !== undefined) return;
  const { from, to, missing } = pair;
  const reason = missing.map(({ reason }) => reason).at(-1) ?? `only ${series?.samples} messages came back`;
  throw new SwarmctlError(
    'no-bench-data',
    `No latency could be measured between ${from.node} and ${to.node}: ${reason}.`,
    {
      hint: 'Check that the nodes reach each other on UDP port 4789 and TCP and UDP port 7946, or use --skip-bench.',
    },
  );
}

function summarize(measured: ClusterBench | undefined): BenchReport {
  const pairs = (measured?.pairs ?? []).flatMap(latenciesOf);
  const report: BenchReport = { simulation: measured?.environment.simulation ?? true, messageBytes, pairs };
  const overlay = pairs.filter(({ path }) => path === 'overlay');
  if (overlay.length === 0) return report;
  const worst = (latencies: number[]) => Math.max(...latencies);
  return { ...report, p50: worst(overlay.map(({ p50 }) => p50)), p99: worst(overlay.map(({ p99 }) => p99)) };
}

function latenciesOf(pair: PairBench): BenchPair[] {
  return (['host', 'overlay'] as const).flatMap((path) => {
    const series = idleSeries(pair, path);
    if (series?.p99 === undefined) return [];
    const { samples, p50, p99 } = series;
    return [{ from: pair.from.node, to: pair.to.node, path, samples, p50, p99 }];
  });
}

function describe(measured: ClusterBench | undefined): string {
  const { p50, p99 } = summarize(measured);
  if (p50 === undefined || p99 === undefined) return 'one node, nothing to measure';
  const [half, most] = [p50, p99].map((microseconds) => (microseconds / 1_000).toFixed(2));
  return `p50 ${half} ms, p99 ${most} ms over ${measured?.pairs.length} pairs`;
}
