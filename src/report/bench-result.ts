/**
 * All that one benchmark measured. Plain data: history, baselines and `--json` hold it as it is. Times are in
 * microseconds, unless the name says otherwise.
 */
export interface BenchResult {
  /** Version of this document's shape. */
  version: 1;
  /** Such as `2026-11-21T16-00-00Z-ab12`: sorts by time, and is the name of its file in the history. */
  id: string;
  /** ISO 8601. */
  startedAt: string;
  durationMs: number;
  mode: 'quick' | 'full';
  clusters: ClusterBench[];
  /** Between clusters: from node to node over the addresses by which they reach each other; the path is `host`. */
  between: PairBench[];
}

export interface ClusterBench {
  cluster: string;
  region: string;
  environment: BenchEnvironment;
  pairs: PairBench[];
  /** How quiet the nodes were while they were measured. */
  noise: NodeNoise[];
}

/** What has to be the same for two results to be compared. */
export interface BenchEnvironment {
  /** The nodes share one kernel. */
  simulation: boolean;
  nodes: BenchNodeFacts[];
  overlayMtu: number;
  encrypted: boolean;
}

export interface BenchNodeFacts {
  name: string;
  role: string;
  engine: string;
  kernel: string;
  instanceType?: string;
  zone?: string;
}

export interface NodeNoise {
  node: string;
  /** How late a sleeper was woken: p99. */
  schedulingLagUs: number;
  /** Share of the time that the hypervisor gave to others, 0 to 1. */
  steal: number;
  /** Runnable tasks per core. */
  load: number;
}

export interface NodeRef {
  cluster: string;
  node: string;
}

/** `host`: between the nodes themselves; `overlay`: from container to container over an overlay network. */
export type NetworkPath = 'host' | 'overlay';

/** What was measured from one node to another one. */
export interface PairBench {
  from: NodeRef;
  to: NodeRef;
  latency: LatencySeries[];
  throughput: TcpThroughput[];
  datagrams: DatagramFlow[];
  /** Inside the overlay: setting up a connection, and looking up a name. */
  setup?: { connect: Quantiles; lookup: Quantiles };
  mtu: PathMtu[];
  /** What could not be measured and why: never a 0 instead. */
  missing: { what: string; reason: string }[];
}

export interface Quantiles {
  samples: number;
  min: number;
  p50: number;
  p90: number;
  /** From 1,000 samples. */
  p99?: number;
  /** From 10,000 samples. */
  p999?: number;
  max: number;
}

/** Full round trips of small messages. */
export interface LatencySeries extends Quantiles {
  path: NetworkPath;
  bytes: 64 | 1024;
  load: 'idle' | 'loaded';
  sent: number;
  lost: number;
  jitter: number;
  /** In turns with those of the other path; the unit of the comparison with a baseline. */
  rounds: LatencyRound[];
  /** Log-linear and sparse: the upper bound of each bucket, and how many messages are in it. */
  histogram: [upperBoundUs: number, count: number][];
}

export interface LatencyRound {
  samples: number;
  p50: number;
  /** From 1,000 samples. */
  p99?: number;
}

export interface TcpThroughput {
  path: NetworkPath;
  streams: number;
  bitsPerSecond: number;
  retransmits: number;
  loadedRttUs?: number;
}

export interface DatagramFlow {
  path: NetworkPath;
  /** Of the TCP throughput: 0.1, 0.5, 0.8. */
  share: number;
  bitsPerSecond: number;
  sent: number;
  lost: number;
  jitterUs: number;
}

export interface PathMtu {
  path: NetworkPath;
  /** Bytes. */
  configured: number;
  /** Bytes. */
  probed: number;
  /** Whether a bulk transfer went through. */
  bulk: boolean;
  /** What is wrong, with its fix. */
  finding?: string;
}

/** The series that budgets, comparisons and the matrix are about: idle, 64 bytes. */
export function idleSeries({ latency }: PairBench, path: NetworkPath): LatencySeries | undefined {
  return latency.find((series) => series.path === path && series.load === 'idle' && series.bytes === 64);
}
