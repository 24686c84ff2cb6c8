import { randomBytes } from 'node:crypto';
import { openEngine } from '../docker/engine.ts';
import { openSwarm, type Swarm } from '../docker/swarm.ts';
import { SwarmctlError } from '../errors.ts';
import type { BenchPair, BenchReport } from '../report/report.ts';
import { allSettled } from './all-settled.ts';
import { longestPairSeconds, measurePair } from './measure-pair.ts';
import { type ProbeRun, runLabel } from './probe-container.ts';
import { type BenchNode, type Probe, removeProbes, startProbes } from './probes.ts';
import { planRounds } from './rounds.ts';

export interface LatencyOptions {
  /** All nodes of the cluster, with the endpoints of their engines. */
  nodes: readonly { name: string; endpoint: string }[];
  /** Endpoints of the cluster's managers. */
  managers: readonly string[];
  /** Image with sockperf and busybox, present on every node. */
  probeImage: string;
  /** The cluster's name. */
  cluster: string;
  /** Whether the nodes share one kernel. */
  simulation: boolean;
  onProgress(text: string): void;
  signal: AbortSignal;
}

const messageBytes = 64;
/** How long to look for a manager with a quorum. */
const swarmDeadlineMs = 20_000;
/** What the probes' lifetime leaves for starting and removing, in seconds. */
const marginSeconds = 60;

/**
 * Measures how long small messages take to go from container to container over an overlay network and back, between
 * the nodes of a cluster: at least 1,000 per pair, the warm-up dropped. The probes are gone afterwards, also those
 * that a killed run left.
 * @returns a report without pairs for a cluster of one node.
 * @throws SwarmctlError `no-bench-data`, `image-missing`, `interrupted`, `timeout`, or what the engines answer.
 */
export async function measureLatency(options: LatencyOptions): Promise<BenchReport> {
  if (options.nodes.length < 2) return summarize([], options.simulation);
  const nodes = options.nodes.map(({ name, endpoint }) => ({ name, engine: openEngine(endpoint) }));
  // Without the signal: what has been made is removed after an interruption, too.
  const swarm = openSwarm(options.managers, { deadlineMs: swarmDeadlineMs });
  try {
    options.onProgress(`starting probes on ${nodes.length} nodes`);
    await removeProbes(swarm, nodes, runLabel);
    return summarize(await withProbes(swarm, nodes, options), options.simulation);
  } finally {
    for (const { engine } of nodes) engine.close();
    swarm.close();
  }
}

async function withProbes(swarm: Swarm, nodes: BenchNode[], options: LatencyOptions): Promise<BenchPair[]> {
  const run = planRun(options);
  const clean = () => removeProbes(swarm, nodes, `${runLabel}=${run.id}`);
  let pairs: BenchPair[];
  try {
    const probes = await startProbes(swarm, nodes, run, options.signal);
    pairs = await measureAll(probes, options);
  } catch (error) {
    // The error that came first is the one to tell; the probes end by themselves and the next run sweeps.
    await clean().catch(() => undefined);
    throw error;
  }
  await clean();
  return pairs;
}

function planRun({ nodes, cluster, probeImage }: LatencyOptions): ProbeRun {
  return {
    id: `swarmctl-bench-${randomBytes(4).toString('hex')}`,
    cluster,
    image: probeImage,
    lifetimeSeconds: planRounds(nodes).length * longestPairSeconds + marginSeconds,
  };
}

async function measureAll(probes: Probe[], { onProgress, signal }: LatencyOptions): Promise<BenchPair[]> {
  const rounds = planRounds(probes);
  const count = rounds.flat().length;
  const measured: BenchPair[] = [];
  for (const round of rounds) {
    if (signal.aborted) throw new SwarmctlError('interrupted', 'Stopped while measuring the latency.');
    onProgress(`measured ${measured.length}/${count} pairs`);
    measured.push(...(await allSettled(round.map((pair) => measurePair(pair, messageBytes, signal)))));
  }
  return measured.sort((a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to));
}

function summarize(pairs: BenchPair[], simulation: boolean): BenchReport {
  const report: BenchReport = { simulation, path: 'overlay', messageBytes, pairs };
  if (pairs.length === 0) return report;
  const worst = (latencies: number[]) => Math.max(...latencies);
  return { ...report, p50: worst(pairs.map(({ p50 }) => p50)), p99: worst(pairs.map(({ p99 }) => p99)) };
}
