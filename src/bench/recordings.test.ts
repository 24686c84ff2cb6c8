import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { BenchResult, LatencyRound, NetworkPath } from '../report/bench-result.ts';
import { sampleBench, samplePair, sampleSeries } from '../report/sample-bench.ts';
import { judgeBench } from './judge.ts';

/**
 * Rounds of real benchmarks between two nodes, made by perf/record-bench.ts: of several swarms that were made one
 * after another, several sessions each with probes of their own. `direct` is the local network as it is; in `near`
 * each answer takes 5 ms longer, in `slower` 15 % more than in `near`.
 */
interface Recording {
  noise: { lag: number; steal: number; load: number };
  rounds: Record<Kind, Record<NetworkPath, LatencyRound[]>>;
}
type Kind = 'direct' | 'near' | 'slower';

const file = new URL('fixtures/recordings.json', import.meta.url);
const all: Recording[] = JSON.parse(await readFile(file, 'utf8'));
/** Of overloaded nodes a benchmark says nothing. */
const isOverloaded = ({ noise }: Recording) => noise.lag > 10_000;
const recordings = all.filter((recording) => !isOverloaded(recording));
const comparisons = 100;

function resultOf({ noise: { lag, steal, load }, rounds }: Recording, kind: Kind): BenchResult {
  const [cluster] = sampleBench().clusters;
  if (!cluster) throw new Error('the sample has a cluster');
  const [from, to] = [1, 2].map((index) => ({ cluster: cluster.cluster, node: `worker-${index}` }));
  if (!from || !to) throw new Error('a pair has two nodes');
  const latency = (['host', 'overlay'] as const).map((path) =>
    sampleSeries(1, { path, rounds: rounds[kind][path] }),
  );
  const noise = [from, to].map(({ node }) => ({ node, schedulingLagUs: lag, steal, load }));
  return sampleBench({ clusters: [{ ...cluster, noise, pairs: [{ ...samplePair(from, to, 1), latency }] }] });
}

/** Different recordings for baseline and now, drawn without doing so twice, in the same way each time. */
function draw(count: number): [Recording, Recording][] {
  const pairs = recordings.flatMap((one) =>
    recordings.filter((other) => other !== one).map((other): [Recording, Recording] => [one, other]),
  );
  const random = numbersFrom(5);
  return pairs
    .map((pair) => ({ pair, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ pair }) => pair);
}

/** Park and Miller's generator (Communications of the ACM 31, 1988): the same numbers from the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function alarms(before: Kind, now: Kind, pairs = draw(comparisons)): number {
  const verdicts = pairs.map(([one, other]) =>
    judgeBench(resultOf(other, now), { budget: { paths: {}, pairs: [] }, baseline: resultOf(one, before) }),
  );
  return verdicts.filter(({ outcome }) => outcome === 'fail').length;
}

test('overloaded nodes raise no alarm, whatever the other side was like', () => {
  const pairs = all.filter(isOverloaded).flatMap((one) =>
    all
      .filter((other) => other !== one)
      .flatMap((other): [Recording, Recording][] => [
        [one, other],
        [other, one],
      ]),
  );
  expect(pairs.length).toBeGreaterThan(0);
  for (const kind of ['direct', 'near', 'slower'] as const) expect(alarms(kind, kind, pairs)).toBe(0);
});

test('there are enough recordings for as many comparisons as are drawn', () => {
  expect(draw(comparisons)).toHaveLength(comparisons);
  const lengths = all.flatMap(({ rounds }) =>
    Object.values(rounds).flatMap(({ host, overlay }) => [host.length, overlay.length]),
  );
  expect(new Set(lengths)).toEqual(new Set([10]));
});

describe(`of ${comparisons} comparisons`, () => {
  test.each(['direct', 'near'] as const)('of %s with itself at most 5 raise an alarm', (kind) => {
    expect(alarms(kind, kind)).toBeLessThanOrEqual(5);
  });

  test('what is 15 % slower is found in at least 90', () => {
    expect(alarms('near', 'slower')).toBeGreaterThanOrEqual(90);
  });

  test('what is 15 % faster raises none', () => {
    expect(alarms('slower', 'near')).toBe(0);
  });
});
