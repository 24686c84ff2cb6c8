import { SwarmctlError } from '../errors.ts';
import type { Budget } from '../fleet/model.ts';
import type { BenchResult } from '../report/bench-result.ts';
import type {
  AggregateComparison,
  BenchVerdict,
  BudgetVerdict,
  Comparison,
} from '../report/bench-verdict.ts';
import { aggregatesOf } from './aggregates.ts';
import { judgeBudget } from './budget.ts';
import { describeCheck } from './budget-wording.ts';
import { compare, leastRounds, nameOf } from './compare.ts';
import { differencesBetween } from './environment.ts';
import { noisyNodes } from './noise.ts';

/** What a result is held against; nothing of it makes it a pass. */
export interface Measures {
  budget: Budget;
  baseline?: BenchResult | undefined;
}

/**
 * The verdict over a benchmark: it fails for a missed limit and for what is slower than the baseline; where busy
 * nodes or missing data leave that open, it is inconclusive.
 * @throws SwarmctlError `baseline-refused` for a baseline of another environment, with the differences.
 */
export function judgeBench(result: BenchResult, { budget, baseline }: Measures): BenchVerdict {
  if (baseline) refuseOther(baseline, result);
  const budgetVerdict = judgeBudget(result, budget);
  const comparison = baseline && compare(baseline, result);
  const failures = [...missesOf(budgetVerdict), ...regressionsOf(comparison)];
  const doubts = [
    ...doubtsOf(budgetVerdict),
    ...(baseline && comparison ? openQuestions(baseline, result, comparison) : []),
  ];
  return {
    outcome: failures.length > 0 ? 'fail' : doubts.length > 0 ? 'inconclusive' : 'pass',
    reasons: [...failures, ...doubts],
    noise: [...noisyNodes(result.clusters)].map(([node, reason]) => ({ node, reason })),
    ...(budgetVerdict && { budget: budgetVerdict }),
    ...(comparison && { comparison }),
  };
}

function refuseOther(baseline: BenchResult, result: BenchResult): void {
  const [first, ...others] = differencesBetween(baseline, result);
  if (first === undefined) return;
  throw new SwarmctlError(
    'baseline-refused',
    `Baseline ${baseline.id} is of another environment: ${first}.`,
    {
      details: others,
      hint: 'Measure a new one with `swarmctl bench --save-baseline`.',
    },
  );
}

function missesOf(budget: BudgetVerdict | undefined): string[] {
  return (budget?.missed ?? []).map((check) => `Budget: ${describeCheck(check)}.`);
}

function doubtsOf(budget: BudgetVerdict | undefined): string[] {
  return (budget?.unsure ?? []).map(
    (check) => `Budget: ${describeCheck(check)}, but nothing is sure: ${check.reason}.`,
  );
}

function regressionsOf(comparison: Comparison | undefined): string[] {
  const slower = (comparison?.aggregates ?? []).filter(({ outcome }) => outcome === 'slower');
  return slower.map((aggregate) => `Baseline: ${describeShift(aggregate)}.`);
}

/** What could not be compared, or not for sure. */
function openQuestions(baseline: BenchResult, result: BenchResult, { aggregates }: Comparison): string[] {
  const current = new Set(aggregatesOf(result).map(nameOf));
  const lost = aggregatesOf(baseline).filter((aggregate) => !current.has(nameOf(aggregate)));
  const unsure = aggregates.filter(({ outcome }) => outcome === 'unsure');
  return [
    ...(aggregates.length === 0 ? ['Baseline: nothing was measured that could be compared with it.'] : []),
    ...lost.map((aggregate) => `Baseline: there is no data for ${nameOf(aggregate)}.`),
    ...unsure.map((aggregate) => `Baseline: ${whyUnsure(aggregate, baseline, result)}.`),
  ];
}

function whyUnsure(aggregate: AggregateComparison, baseline: BenchResult, result: BenchResult): string {
  const rounds = Math.min(...aggregate.rounds);
  if (rounds < leastRounds) return `${nameOf(aggregate)} has ${rounds} rounds, ${leastRounds} are needed`;
  const then = firstNoise(baseline, aggregate);
  const now = firstNoise(result, aggregate);
  return `${describeShift(aggregate)}, but ${now ?? `when the baseline was measured ${then}`}`;
}

function firstNoise({ clusters }: BenchResult, { cluster }: AggregateComparison): string | undefined {
  const [noisy] = noisyNodes(clusters.filter((each) => cluster === undefined || each.cluster === cluster));
  return noisy?.join(' ');
}

/** `us-east-1 overlay p99 is 0.21 ms slower than the baseline's 1.2 ms (+18 %, p = 0.0004)`. */
function describeShift(aggregate: AggregateComparison): string {
  const { baseline, shift, corrected } = aggregate;
  const percent = Math.round((shift / baseline) * 100);
  const sure = `+${percent} %, p = ${corrected.toPrecision(1)}`;
  return `${nameOf(aggregate)} is ${ms(shift)} slower than the baseline's ${ms(baseline)} (${sure})`;
}

function ms(microseconds: number): string {
  return `${Number((microseconds / 1_000).toPrecision(3))} ms`;
}
