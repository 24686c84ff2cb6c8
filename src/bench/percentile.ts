/**
 * The smallest sample that at least `percent` of all samples do not exceed (nearest rank): always a sample that was
 * measured, never a value between two.
 * @param sorted ascending, at least one.
 * @param percent above 0, at most 100.
 */
export function percentile(sorted: readonly number[], percent: number): number {
  // In floating point 99.9 % of 1,000 is a little more than 999, and would round up to 1,000.
  const rank = Math.ceil(Number(((percent * sorted.length) / 100).toFixed(6)));
  const sample = sorted[Math.max(rank, 1) - 1];
  if (sample === undefined) throw new RangeError(`no ${percent}th percentile of ${sorted.length} samples`);
  return sample;
}
