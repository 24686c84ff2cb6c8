import { expect, test } from 'vitest';
import type { Budget } from '../fleet/model.ts';
import type { BenchResult, LatencySeries, PairBench } from '../report/bench-result.ts';
import { sampleBench, samplePair, sampleSeries } from '../report/sample-bench.ts';
import { budgetError, judgeBudget } from './budget.ts';

const a = { cluster: 'us-east-1', node: 'a' };
const b = { cluster: 'us-east-1', node: 'b' };
const far = { cluster: 'eu-west-1', node: 'far' };

/** Latencies of 100 µs, on the host path of 80; ten times that in the slowest of a hundred. */
function resultOf(pair: Partial<PairBench> = {}, noise: { lag?: number; node?: string } = {}): BenchResult {
  const [cluster] = sampleBench().clusters;
  if (!cluster) throw new Error('the sample has a cluster');
  const quietness = { node: noise.node ?? 'a', schedulingLagUs: noise.lag ?? 50, steal: 0, load: 0 };
  return sampleBench({
    clusters: [{ ...cluster, pairs: [{ ...samplePair(a, b, 100), ...pair }], noise: [quietness] }],
    between: [{ ...samplePair(a, far, 40_000), latency: [sampleSeries(40_000, { path: 'host' })] }],
  });
}

function judge(budget: Partial<Budget>, result = resultOf()) {
  return judgeBudget(result, { paths: {}, pairs: [], ...budget });
}

function overlay(changed: Partial<LatencySeries>): Partial<PairBench> {
  return { latency: [sampleSeries(100, changed)] };
}

test('without a limit there is no verdict', () => {
  expect(judge({})).toBeUndefined();
  expect(judge({ paths: { host: {} }, pairs: [{ between: ['a', 'b'] }] })).toBeUndefined();
});

test('each pair and each path is held against a general limit', () => {
  expect(judge({ p99: 80_000 })).toEqual({ checked: 3, missed: [], unsure: [] });
  expect(judge({ p50: 80 })?.missed).toEqual([
    { from: a, to: far, path: 'host', what: 'p50', limit: 80, measured: 40_000 },
    { from: a, to: b, path: 'overlay', what: 'p50', limit: 80, measured: 100 },
  ]);
});

test('a value that equals its limit is within it', () => {
  expect(judge({ paths: { overlay: { p50: 100 } } })?.missed).toEqual([]);
  expect(judge({ paths: { overlay: { p50: 99.999 } } })?.missed).toHaveLength(1);
});

test('a limit of a path counts over the general one, that of a pair over both, the last one last', () => {
  const limits = { p50: 1, paths: { host: { p50: 200 }, overlay: { p50: 2 } } };
  expect(judge(limits)?.missed.map(({ path, limit }) => [path, limit])).toEqual([
    ['host', 200],
    ['overlay', 2],
  ]);
  const pairs: Budget['pairs'] = [
    { between: ['eu-west-1', 'us-east-1'], p50: 90_000 },
    { between: ['b', 'a'], p50: 3 },
    { between: ['us-east-1', 'us-east-1'], p50: 5 },
  ];
  expect(judge({ ...limits, pairs })?.missed.map(({ path, limit }) => [path, limit])).toEqual([
    ['overlay', 5],
    ['host', 5],
  ]);
});

test('loss is that of messages and of gentle datagrams, throughput that of the best number of streams', () => {
  const result = resultOf({
    datagrams: [
      { path: 'overlay', share: 0.1, bitsPerSecond: 1e8, sent: 1_000, lost: 20, jitterUs: 1 },
      { path: 'overlay', share: 0.8, bitsPerSecond: 8e8, sent: 1_000, lost: 500, jitterUs: 1 },
    ],
    throughput: [1e9, 3e9].map((bitsPerSecond, index) => ({
      path: 'overlay' as const,
      streams: index + 1,
      bitsPerSecond,
      retransmits: 0,
    })),
  });
  const limits = { loss: 0.01, throughput: 4e9 };
  expect(judge({ paths: { overlay: limits } }, result)?.missed).toMatchObject([
    { what: 'loss', measured: 0.02 },
    { what: 'throughput', measured: 3e9 },
  ]);
});

test('what was not measured is in doubt with the reason, never 0 and never met', () => {
  const missing = [{ what: 'latency', reason: 'no connection within 10 s (Connection refused)' }];
  const verdict = judge({ paths: { overlay: { p99: 1e6 } } }, resultOf({ latency: [], missing }));
  expect(verdict).toEqual({
    checked: 1,
    missed: [],
    unsure: [
      {
        ...{ from: a, to: b, path: 'overlay', what: 'p99', limit: 1e6 },
        reason: 'latency: no connection within 10 s (Connection refused)',
      },
    ],
  });
});

test('clusters that do not reach each other have no latency to limit, unless the limit names them', () => {
  const apart = { ...samplePair(a, far, 40_000), latency: [] };
  const result = sampleBench({ clusters: [], between: [apart] });
  expect(judge({ p99: 1 }, result)).toEqual({ checked: 0, missed: [], unsure: [] });
  const named = judge({ p99: 1, pairs: [{ between: ['us-east-1', 'eu-west-1'], p50: 1 }] }, result);
  expect(named?.unsure).toMatchObject([{ what: 'p50', reason: 'it was not measured' }]);
});

test('a p99 of few messages is in doubt', () => {
  const { p99, ...few } = sampleSeries(100, { samples: 400 });
  expect(judge({ paths: { overlay: { p99: 1e6 } } }, resultOf({ latency: [few] }))?.unsure).toMatchObject([
    { reason: 'only 400 messages were measured, a p99 needs 1,000' },
  ]);
});

test('a miss on a busy node is in doubt', () => {
  const result = resultOf(overlay({ min: 60 }), { lag: 4_200 });
  expect(judge({ paths: { overlay: { p50: 70 } } }, result)).toMatchObject({
    missed: [],
    unsure: [{ measured: 100, reason: 'a was woken 4.2 ms late (p99)' }],
  });
});

test('a miss on a busy node is none when even the fastest message was over the limit', () => {
  const result = resultOf(overlay({ min: 60 }), { lag: 4_200 });
  expect(judge({ paths: { overlay: { p50: 59 } } }, result)?.missed).toHaveLength(1);
});

test('what is within its limit is so on a busy node too', () => {
  const result = resultOf(overlay({}), { lag: 4_200 });
  expect(judge({ paths: { overlay: { p99: 1_000 } } }, result)).toEqual({
    checked: 1,
    missed: [],
    unsure: [],
  });
});

test('a node that is busy elsewhere excuses nothing', () => {
  const result = resultOf(overlay({ min: 60 }), { lag: 4_200, node: 'c' });
  expect(judge({ paths: { overlay: { p50: 70 } } }, result)?.missed).toHaveLength(1);
});

test('the error names the worst pair and by how much, then the others', () => {
  const verdict = judge({ p50: 80, throughput: 3e9, loss: 0.001 });
  if (!verdict) throw new Error('there is a budget');
  const error = budgetError(verdict, { isUpdated: false });
  expect(error.code).toBe('budget-missed');
  expect(error.message).toBe(
    'The budget is missed: p50 from a to far (host) is 40 ms, 39.92 ms over the allowed 0.08 ms.',
  );
  expect(error.details).toEqual([
    'Also missed: loss from a to b (overlay) is 1 %, 0.9 % over the allowed 0.1 %',
    'Also missed: throughput from a to b (overlay) is 2000 Mbit/s, 1000 Mbit/s under the required 3000 Mbit/s',
    'Also missed: p50 from a to b (overlay) is 0.1 ms, 0.02 ms over the allowed 0.08 ms',
  ]);
  expect(budgetError(verdict, { isUpdated: true }).message).toMatch(
    /^The budget is missed after the update: p50/,
  );
});

test('a miss of a budget of 1 µs is told in the same unit, and one by a fifth of a microsecond is not told as none', () => {
  const messageOf = (p99: number, limit: number) => {
    const verdict = judge({ paths: { overlay: { p99: limit } } }, resultOf(overlay({ p99 })));
    return verdict && budgetError(verdict, { isUpdated: false }).message;
  };
  expect(messageOf(66, 1)).toContain('is 0.066 ms, 0.065 ms over the allowed 0.001 ms');
  expect(messageOf(150_000.2, 150_000)).toContain('is 150.0002 ms, 0.0002 ms over the allowed 150 ms');
});
