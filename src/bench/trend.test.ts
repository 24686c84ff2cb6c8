import { expect, test } from 'vitest';
import { sampleBench, samplePair, sampleSeries } from '../report/sample-bench.ts';
import { pointOf } from './trend.ts';

test('the mean over the pairs of each cluster and path, and of those between clusters', () => {
  const pair = samplePair({ cluster: 'a', node: 'a-1' }, { cluster: 'b', node: 'b-1' }, 1_000);
  const { id, series } = pointOf(sampleBench({ between: [pair] }));
  expect(id).toBe(sampleBench().id);
  expect(series.map(({ cluster, path }) => [cluster, path])).toEqual([
    ['us-east-1', 'host'],
    ['us-east-1', 'overlay'],
    ['eu-west-1', 'host'],
    ['eu-west-1', 'overlay'],
    [undefined, 'host'],
  ]);
  expect(series[1]).toEqual({ cluster: 'us-east-1', path: 'overlay', p50: 105, p99: 210 });
});

test('what was not measured has no point, and a p99 that one pair lacks none', () => {
  const { p99, ...quick } = sampleSeries(100);
  const pair = samplePair({ cluster: 'a', node: 'a-1' }, { cluster: 'a', node: 'a-2' }, 100);
  const [cluster] = sampleBench().clusters;
  if (!cluster) throw new Error('the sample has clusters');
  const pairs = [pair, { ...pair, latency: [quick] }];
  const { series } = pointOf(sampleBench({ clusters: [{ ...cluster, cluster: 'a', pairs }] }));
  expect(series).toEqual([
    { cluster: 'a', path: 'host', p50: 80, p99: 160 },
    { cluster: 'a', path: 'overlay', p50: 100 },
  ]);
});
