import { budgetError, judgeBudget } from '../bench/budget.ts';
import { limitsThroughput } from '../bench/limits.ts';
import { planBench } from '../bench/plan.ts';
import { SwarmctlError } from '../errors.ts';
import type { ClusterBench, PairBench } from '../report/bench-result.ts';
import type { BenchPair, BenchReport } from '../report/report.ts';
import type { ClusterContext } from './cluster.ts';
import { openClusterProbes } from './cluster-probes.ts';

/** Measures the latency between the cluster's nodes and stops the run when it misses the fleet's budget. */
export async function benchmarkCluster(context: ClusterContext): Promise<void> {
  const { stages, report, run } = context;
  const measured = await stages.run('bench', (onProgress) => measure(context, onProgress), describe);
  const { p99 } = run.fleet.bench.budget;
  report.bench = judgeBudget(measured, p99 === undefined ? {} : { p99Ms: p99 / 1000 });
  const { budget } = report.bench;
  if (!budget) return stages.skip('gate', 'no budget');
  await stages.run('gate', async () => {
    if (report.bench && !budget.met) throw budgetError(report.bench);
  });
}

async function measure(context: ClusterContext, onProgress: (message: string) => void): Promise<BenchReport> {
  const { run, machines } = context;
  if (machines.length < 2) return summarize([]);
  const throughput = limitsThroughput(run.fleet.bench.budget);
  const plan = planBench({ quick: true, throughput }, () => 1);
  const probeContext = { ...context, run: { ...run, probeImage: run.toolchain.probeImage } };
  const session = await openClusterProbes(probeContext, plan, onProgress);
  let measured: ClusterBench;
  try {
    measured = await session.measure();
  } catch (error) {
    // The error that came first is the one to tell.
    await session.close().catch(() => undefined);
    throw error;
  }
  await session.close();
  return summarize(measured.pairs.map(overlayPair));
}

const messageBytes = 64;

/** @throws SwarmctlError `no-bench-data` with the pair and the reason. */
function overlayPair({ from, to, latency, missing }: PairBench): BenchPair {
  const series = latency.find(({ path, bytes }) => path === 'overlay' && bytes === messageBytes);
  if (series?.p99 === undefined) {
    const reason = missing.map(({ reason }) => reason).at(-1) ?? `only ${series?.samples} messages came back`;
    throw new SwarmctlError(
      'no-bench-data',
      `No latency could be measured between ${from.node} and ${to.node}: ${reason}.`,
      {
        hint: 'Check that the nodes reach each other on UDP port 4789 and TCP and UDP port 7946, or use --skip-bench.',
      },
    );
  }
  return {
    from: from.node,
    to: to.node,
    samples: series.samples,
    p50: series.p50 / 1_000,
    p99: series.p99 / 1_000,
  };
}

function summarize(pairs: BenchPair[]): BenchReport {
  const report: BenchReport = { simulation: true, path: 'overlay', messageBytes, pairs };
  if (pairs.length === 0) return report;
  const worst = (latencies: number[]) => Math.max(...latencies);
  return { ...report, p50: worst(pairs.map(({ p50 }) => p50)), p99: worst(pairs.map(({ p99 }) => p99)) };
}

function describe({ p50, p99, pairs }: BenchReport): string {
  if (p50 === undefined || p99 === undefined) return 'one node, nothing to measure';
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms over ${pairs.length} pairs`;
}
