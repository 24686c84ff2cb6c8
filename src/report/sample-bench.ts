import type { BenchResult, LatencySeries, NodeRef, PairBench } from './bench-result.ts';

/** A series of 10 rounds around a median, for tests. */
export function sampleSeries(p50: number, changed: Partial<LatencySeries> = {}): LatencySeries {
  const rounds = Array.from({ length: 10 }, (_, index) => ({
    samples: 1_000,
    p50: p50 + index / 10,
    p99: 2 * p50 + index / 10,
  }));
  return {
    path: 'overlay',
    bytes: 64,
    load: 'idle',
    sent: 10_000,
    lost: 0,
    jitter: p50 / 10,
    samples: 10_000,
    min: p50 / 2,
    p50,
    p90: p50 * 1.5,
    p99: p50 * 2,
    p999: p50 * 4,
    max: p50 * 10,
    rounds,
    histogram: [
      [p50, 5_000],
      [p50 * 2, 4_900],
      [p50 * 10, 100],
    ],
    ...changed,
  };
}

/** All that is measured of a pair, for tests; the host path takes four fifths of the overlay's time. */
export function samplePair(from: NodeRef, to: NodeRef, p50: number): PairBench {
  return {
    from,
    to,
    latency: [
      sampleSeries(p50 * 0.8, { path: 'host' }),
      sampleSeries(p50),
      sampleSeries(p50 * 3, { load: 'loaded' }),
    ],
    throughput: [{ path: 'overlay', streams: 1, bitsPerSecond: 2e9, retransmits: 0 }],
    datagrams: [{ path: 'overlay', share: 0.1, bitsPerSecond: 2e8, sent: 1_000, lost: 10, jitterUs: 12 }],
    mtu: [{ path: 'overlay', configured: 1450, probed: 1450, bulk: true }],
    missing: [],
  };
}

/** Two local clusters of two nodes, for tests. */
export function sampleBench(changed: Partial<BenchResult> = {}): BenchResult {
  const node = (cluster: string, index: number) => ({ cluster, node: `shop-${cluster}-manager-${index}` });
  const cluster = (name: string, p50: number) => ({
    cluster: name,
    region: name,
    environment: {
      simulation: true,
      nodes: [1, 2].map((index) => ({
        name: node(name, index).node,
        role: 'manager',
        engine: '26.1.5',
        kernel: '6.18.0',
      })),
      overlayMtu: 1450,
      encrypted: false,
    },
    pairs: [
      samplePair(node(name, 1), node(name, 2), p50),
      samplePair(node(name, 2), node(name, 1), p50 * 1.1),
    ],
    noise: [1, 2].map((index) => ({
      node: node(name, index).node,
      schedulingLagUs: 80,
      steal: 0,
      load: 0.4,
    })),
  });
  return {
    version: 1,
    id: '2026-11-21T16-00-00Z-ab12',
    startedAt: '2026-11-21T16:00:00.000Z',
    durationMs: 18_200,
    mode: 'full',
    clusters: [cluster('us-east-1', 100), cluster('eu-west-1', 200)],
    between: [],
    ...changed,
  };
}
