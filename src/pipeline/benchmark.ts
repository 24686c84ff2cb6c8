import { budgetError, judgeBudget } from '../bench/budget.ts';
import { measureLatency } from '../bench/latency.ts';
import { findImage } from '../docker/images.ts';
import type { BenchReport } from '../report/report.ts';
import type { ClusterContext } from './cluster.ts';
import { type Machine, managersOf } from './machines.ts';
import { giveImages, nodeImage } from './node-images.ts';

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
  const { run, cluster } = context;
  const { probeImage } = run.toolchain;
  const nodes = await readyMachines(context);
  const image = await findImage(run.outer, probeImage);
  if (image) {
    const endpoints = nodes.map(({ endpoint }) => endpoint);
    await giveImages(context, [await nodeImage(context, probeImage, image.id)], onProgress, endpoints);
  }
  return measureLatency({
    nodes,
    managers: managersOf(run.fleet, cluster),
    probeImage,
    cluster: cluster.name,
    simulation: true,
    onProgress,
    signal: run.signal,
  });
}

/** A node that is down has no latency; that it is down is said. */
async function readyMachines({ run, cluster, machines, swarm }: ClusterContext): Promise<Machine[]> {
  const nodes = await swarm.ask('listing the nodes', (api) => api.listNodes());
  const ready = new Set(
    nodes.flatMap(({ Status, Description }) => (Status?.State === 'ready' ? [Description?.Hostname] : [])),
  );
  const down = machines.filter(({ name }) => !ready.has(name));
  if (down.length > 0) {
    const message = `Not ready, so not measured: ${down.map(({ name }) => name).join(', ')}`;
    run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
  }
  return machines.filter(({ name }) => ready.has(name));
}

function describe({ p50, p99, pairs }: BenchReport): string {
  if (p50 === undefined || p99 === undefined) return 'one node, nothing to measure';
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms over ${pairs.length} pairs`;
}
