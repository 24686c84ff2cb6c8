import type { Quantiles } from '../report/bench-result.ts';
import { percentile } from './percentile.ts';

/** Samples that a percentile needs for ten of them to lie above it. */
const leastForP99 = 1_000;
const leastForP999 = 10_000;

/**
 * Percentiles by nearest rank. A p99 of fewer than 1,000 samples and a p99.9 of fewer than 10,000 would rest on fewer
 * than ten of them, so these are left out.
 * @param samples at least one, in any order; the result has their unit.
 * @throws RangeError without samples
 */
export function quantilesOf(samples: readonly number[]): Quantiles {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    samples: sorted.length,
    min: percentile(sorted, 0.000_001),
    p50: percentile(sorted, 50),
    p90: percentile(sorted, 90),
    ...(sorted.length >= leastForP99 && { p99: percentile(sorted, 99) }),
    ...(sorted.length >= leastForP999 && { p999: percentile(sorted, 99.9) }),
    max: percentile(sorted, 100),
  };
}
