import type { BenchResult } from '../report/bench-result.ts';
import type { AggregateComparison, Comparison } from '../report/bench-verdict.ts';
import { type Aggregate, aggregatesOf } from './aggregates.ts';
import { holm } from './holm.ts';
import { mannWhitney } from './mann-whitney.ts';
import { medianOf, medianShift } from './median.ts';
import { noiseLevel } from './noise.ts';

/** Rounds that each side needs; docs/bench.md shows what the test can find with them. */
export const leastRounds = 10;
/** How often no more than chance may raise an alarm, over all aggregates together. */
const significance = 0.05;
/** A shift that nobody would notice is no regression: it must exceed both, of the baseline's median. */
const leastShare = 0.1;
const leastShiftUs = 50;
/** What busy nodes were seen to add to a p50: see the recordings in docs/bench.md. */
const busyShiftUs = 500;

/**
 * Holds a result against a baseline of the same environment: each aggregate by the U test over its rounds, corrected
 * by Holm for their number. Slower is what differs significantly and by more than 10 % and 50 µs. On nodes that were
 * not quiet, then or now, that is in doubt for a p99 and for a small shift of a p50.
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
    return judge(summarize(before, after, compared), [noiseIn(baseline, before), noiseIn(now, after)]);
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

type Noise = ReturnType<typeof noiseLevel>;
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

function judge(aggregate: Undecided, noise: readonly Noise[]): AggregateComparison {
  const { rounds, baseline, shift, corrected } = aggregate;
  const outcome = () => {
    if (Math.min(...rounds) < leastRounds) return 'unsure';
    if (corrected >= significance || Math.abs(shift) <= Math.max(leastShare * baseline, leastShiftUs))
      return 'same';
    if (shift < 0) return 'faster';
    return isCaused(aggregate, noise) ? 'unsure' : 'slower';
  };
  return { ...aggregate, outcome: outcome() };
}

/** Whether nodes that are busy may have made it slower: they delay one of a hundred messages much, half of them little. */
function isCaused({ quantile, shift }: Undecided, noise: readonly Noise[]): boolean {
  if (noise.includes('overloaded')) return true;
  return noise.includes('busy') && (quantile === 'p99' || shift <= busyShiftUs);
}

function noiseIn({ clusters }: BenchResult, { cluster }: Aggregate): Noise {
  return noiseLevel(clusters.filter((each) => cluster === undefined || each.cluster === cluster));
}
