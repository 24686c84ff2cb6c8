import type { BenchResult } from '../report/bench-result.ts';
import type { AggregateComparison, Comparison } from '../report/bench-verdict.ts';
import { type Aggregate, aggregatesOf } from './aggregates.ts';
import { holm } from './holm.ts';
import { mannWhitney } from './mann-whitney.ts';
import { medianOf, medianShift } from './median.ts';
import { noisyNodes } from './noise.ts';

/** Rounds that each side needs; docs/bench.md shows what the test can find with them. */
export const leastRounds = 10;
/** How often no more than chance may raise an alarm, over all aggregates together. */
export const significance = 0.05;
/** A shift that nobody would notice is no regression: it must exceed both, of the baseline's median. */
const leastShare = 0.1;
const leastShiftUs = 50;

/**
 * Holds a result against a baseline of the same environment: each aggregate by the U test over its rounds, corrected
 * by Holm for their number. Slower is what differs significantly and by more than 10 % and 50 µs. On nodes that were
 * not quiet, then or now, a p99 is in doubt.
 */
export function compare(baseline: BenchResult, now: BenchResult): Comparison {
  const current = aggregatesOf(now);
  const matched = aggregatesOf(baseline).flatMap((before) => {
    const after = current.find((each) => nameOf(each) === nameOf(before));
    return after ? [{ before, after }] : [];
  });
  const tests = matched.map(({ before, after }) => mannWhitney(before.values, after.values));
  const corrected = holm(tests.map(({ p }) => p));
  const aggregates = matched.map(({ before, after }, index) => {
    const compared = { p: tests[index]?.p ?? 1, corrected: corrected[index] ?? 1 };
    return judge(summarize(before, after, compared), isNoisy(baseline, before) || isNoisy(now, after));
  });
  return { baseline: baseline.id, aggregates };
}

/** `us-east-1 overlay p99`. */
export function nameOf({
  cluster,
  path,
  quantile,
}: Pick<Aggregate, 'cluster' | 'path' | 'quantile'>): string {
  return `${cluster ?? 'between clusters'} ${path} ${quantile}`;
}

type Undecided = Omit<AggregateComparison, 'outcome'>;

function summarize(before: Aggregate, after: Aggregate, tested: { p: number; corrected: number }): Undecided {
  const { values, ...name } = before;
  return {
    ...name,
    rounds: [values.length, after.values.length],
    baseline: medianOf(values),
    now: medianOf(after.values),
    shift: medianShift(values, after.values),
    ...tested,
  };
}

function judge(aggregate: Undecided, isNoisy: boolean): AggregateComparison {
  const { quantile, rounds, baseline, shift, corrected } = aggregate;
  const outcome = () => {
    if (Math.min(...rounds) < leastRounds) return 'unsure';
    if (corrected >= significance || Math.abs(shift) <= Math.max(leastShare * baseline, leastShiftUs))
      return 'same';
    if (shift < 0) return 'faster';
    // Half of all messages are not delayed by what a busy node delays; one of a hundred is.
    return isNoisy && quantile === 'p99' ? 'unsure' : 'slower';
  };
  return { ...aggregate, outcome: outcome() };
}

function isNoisy({ clusters }: BenchResult, { cluster }: Aggregate): boolean {
  return noisyNodes(clusters.filter((each) => cluster === undefined || each.cluster === cluster)).size > 0;
}
