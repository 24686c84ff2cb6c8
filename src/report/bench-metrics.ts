import type { BenchResult, LatencySeries, PairBench, Quantiles } from './bench-result.ts';
import type { BenchOutcome, BenchVerdict } from './bench-verdict.ts';
import type { Metric, MetricSample } from './prometheus.ts';

const quantiles: [number, keyof Quantiles][] = [
  [0.5, 'p50'],
  [0.9, 'p90'],
  [0.99, 'p99'],
  [0.999, 'p999'],
];

const outcomes: readonly BenchOutcome[] = ['pass', 'fail', 'inconclusive'];

/** A benchmark for Prometheus, in seconds and bytes. What was not measured has no series. */
export function benchMetrics(
  { clusters, between, startedAt }: BenchResult,
  verdict: BenchVerdict | undefined,
): Metric[] {
  const pairs = [...clusters.flatMap((cluster) => cluster.pairs), ...between];
  const idle = pairs.flatMap((pair) => latencySamples(pair, 'idle'));
  const loaded = pairs.flatMap((pair) => latencySamples(pair, 'loaded'));
  const startSeconds = { value: Date.parse(startedAt) / 1_000 };
  return [
    summary('latency_seconds', 'Round trip of a message, by its size in bytes.', idle),
    summary('loaded_latency_seconds', 'The same while a bulk transfer runs.', loaded),
    metric(
      'latency_loss_ratio',
      'Share of those messages that were not answered.',
      pairs.flatMap(lossSamples),
    ),
    metric('throughput_bytes_per_second', 'TCP throughput, by streams.', pairs.flatMap(throughputSamples)),
    metric('datagram_loss_ratio', 'Share of lost datagrams, by load.', pairs.flatMap(datagramSamples)),
    metric('mtu_bytes', 'Path MTU, configured and probed.', pairs.flatMap(mtuSamples)),
    metric(
      'verdict',
      'What it is taken for: 1 for one of pass, fail and inconclusive.',
      verdictSamples(verdict),
    ),
    metric('started_timestamp_seconds', 'When the benchmark was started.', [startSeconds]),
  ];
}

function metric(name: string, help: string, samples: MetricSample[]): Metric {
  return { name: `swarmctl_bench_${name}`, help, samples };
}

function summary(name: string, help: string, samples: MetricSample[]): Metric {
  return { ...metric(name, help, samples), type: 'summary' };
}

function labelsOf({ from, to }: PairBench) {
  return { cluster: from.cluster, from: from.node, to: to.node, to_cluster: to.cluster };
}

function latencySamples(pair: PairBench, load: LatencySeries['load']): MetricSample[] {
  return pair.latency
    .filter((series) => series.load === load)
    .flatMap((series) =>
      quantiles.flatMap(([quantile, key]) => {
        const us = series[key];
        const labels = { ...labelsOf(pair), path: series.path, size: series.bytes, quantile };
        return us === undefined ? [] : [{ labels, value: us / 1e6 }];
      }),
    );
}

function lossSamples(pair: PairBench): MetricSample[] {
  return pair.latency
    .filter(({ load, sent }) => load === 'idle' && sent > 0)
    .map(({ path, bytes, lost, sent }) => ({
      labels: { ...labelsOf(pair), path, size: bytes },
      value: lost / sent,
    }));
}

function throughputSamples(pair: PairBench): MetricSample[] {
  return pair.throughput.map(({ path, streams, bitsPerSecond }) => ({
    labels: { ...labelsOf(pair), path, streams },
    value: bitsPerSecond / 8,
  }));
}

function datagramSamples(pair: PairBench): MetricSample[] {
  return pair.datagrams
    .filter(({ sent }) => sent > 0)
    .map(({ path, share, lost, sent }) => ({
      labels: { ...labelsOf(pair), path, load: share },
      value: lost / sent,
    }));
}

function mtuSamples(pair: PairBench): MetricSample[] {
  return pair.mtu.flatMap(({ path, configured, probed }) => [
    { labels: { ...labelsOf(pair), path, kind: 'configured' }, value: configured },
    { labels: { ...labelsOf(pair), path, kind: 'probed' }, value: probed },
  ]);
}

function verdictSamples(verdict: BenchVerdict | undefined): MetricSample[] {
  if (!verdict) return [];
  return outcomes.map((outcome) => ({ labels: { outcome }, value: outcome === verdict.outcome ? 1 : 0 }));
}
