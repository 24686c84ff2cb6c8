import { expect, test } from 'vitest';
import { benchMetrics } from './bench-metrics.ts';
import type { BenchVerdict } from './bench-verdict.ts';
import { expositionOf } from './prometheus.ts';
import { readExposition } from './read-exposition.ts';
import { sampleBench, samplePair, sampleSeries } from './sample-bench.ts';

const verdict: BenchVerdict = { outcome: 'fail', reasons: [], noise: [] };
const read = (result = sampleBench(), judged: BenchVerdict | undefined = verdict) =>
  readExposition(expositionOf(benchMetrics(result, judged)));
const pair = { cluster: 'us-east-1', from: 'shop-us-east-1-manager-1', to: 'shop-us-east-1-manager-2' };

test('latencies in seconds, by pair, path, size and quantile', () => {
  const series = read().filter(({ name }) => name === 'swarmctl_bench_latency_seconds');
  expect(series).toHaveLength(4 * 2 * 4);
  expect(series).toContainEqual({
    name: 'swarmctl_bench_latency_seconds',
    labels: { ...pair, to_cluster: 'us-east-1', path: 'overlay', size: '64', quantile: '0.99' },
    value: 0.0002,
  });
});

test('the rest in base units', () => {
  const values = new Map(
    read().map(({ name, labels, value }) => [`${name} ${labels.kind ?? ''}`.trim(), value]),
  );
  expect(values.get('swarmctl_bench_loaded_latency_seconds')).toBeGreaterThan(0);
  expect(values.get('swarmctl_bench_throughput_bytes_per_second')).toBe(2.5e8);
  expect(values.get('swarmctl_bench_datagram_loss_ratio')).toBe(0.01);
  expect(values.get('swarmctl_bench_latency_loss_ratio')).toBe(0);
  expect(values.get('swarmctl_bench_mtu_bytes probed')).toBe(1450);
  expect(values.get('swarmctl_bench_started_timestamp_seconds')).toBe(1_795_276_800);
});

test('the verdict is one of three series', () => {
  const series = read().filter(({ name }) => name === 'swarmctl_bench_verdict');
  expect(series.map(({ labels, value }) => [labels.outcome, value])).toEqual([
    ['pass', 0],
    ['fail', 1],
    ['inconclusive', 0],
  ]);
});

test('what was not measured has no series, not one of 0', () => {
  const [one, two] = [
    { cluster: 'a', node: 'a-1' },
    { cluster: 'b', node: 'b-1' },
  ];
  const { p999, ...few } = sampleSeries(100);
  const bare = { ...samplePair(one, two, 100), latency: [few], throughput: [], datagrams: [], mtu: [] };
  const series = read(sampleBench({ clusters: [], between: [bare] }));
  expect(series.map(({ name, labels }) => `${name} ${labels.quantile ?? ''}`.trim())).toEqual([
    'swarmctl_bench_latency_seconds 0.5',
    'swarmctl_bench_latency_seconds 0.9',
    'swarmctl_bench_latency_seconds 0.99',
    'swarmctl_bench_latency_loss_ratio',
    ...Array(3).fill('swarmctl_bench_verdict'),
    'swarmctl_bench_started_timestamp_seconds',
  ]);
});
