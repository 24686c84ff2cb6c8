/**
 * The value in the middle, or the mean of the two there.
 * @throws RangeError without values
 */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no median of nothing');
  return (lower + upper) / 2;
}

/**
 * By how much the second sample lies above the first: the median of all differences between them
 * (J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34, 1963), the estimate that goes with the U test.
 * @throws RangeError when a sample is empty
 */
export function medianShift(first: readonly number[], second: readonly number[]): number {
  return medianOf(second.flatMap((b) => first.map((a) => b - a)));
}
