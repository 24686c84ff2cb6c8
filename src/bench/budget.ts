import { SwarmctlError } from '../errors.ts';
import type { BenchPair, BenchReport } from '../report/report.ts';

/**
 * The report with its verdict; without a budget the report as it is.
 * @param budget.p99Ms the highest p99 that any pair may have, in milliseconds.
 */
export function judgeBudget(report: BenchReport, budget: { p99Ms?: number }): BenchReport {
  const { p99Ms } = budget;
  if (p99Ms === undefined) return report;
  return { ...report, budget: { p99: p99Ms, met: report.pairs.every(({ p99 }) => p99 <= p99Ms) } };
}

/** The error of a report that missed its budget: the worst pair, and by how much. */
export function budgetError(report: BenchReport): SwarmctlError {
  const limit = report.budget?.p99 ?? 0;
  const missed = report.pairs.filter(({ p99 }) => p99 > limit).sort((a, b) => b.p99 - a.p99);
  const [worst] = missed;
  if (!worst) throw new TypeError('a report that meets its budget has no budget error');
  return new SwarmctlError('budget-missed', `The latency budget is missed: ${describeMiss(worst, limit)}.`, {
    details: missed.slice(1).map((pair) => `Also missed: ${describeMiss(pair, limit)}`),
    hint: 'Look into the network between these nodes, or raise bench.budget.p99.',
  });
}

function describeMiss({ from, to, p99 }: BenchPair, limit: number): string {
  const excess = formatMs(p99 - limit);
  return `p99 between ${from} and ${to} is ${formatMs(p99)}, ${excess} over the allowed ${formatMs(limit)}`;
}

/** To the tenth of a microsecond, in one unit for all, so that the three numbers can be compared. */
function formatMs(milliseconds: number): string {
  return `${Number(milliseconds.toFixed(4))} ms`;
}
