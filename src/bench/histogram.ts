/** Equal buckets between one power of two and the next, so that none is wider than 1/128 (0.8 %) of its values. */
const bucketsPerOctave = 128;

/**
 * A sparse log-linear histogram, as HdrHistogram's (G. Tene, hdrhistogram.org): octaves with equal buckets in each.
 * @param values above 0, in any order.
 * @returns the upper bound of each bucket that is not empty, ascending, and how many values lie in it. A value that
 * equals a bound belongs to the bucket below it.
 */
export function histogramOf(values: readonly number[]): [upperBound: number, count: number][] {
  const counts = new Map<number, number>();
  for (const value of values) {
    const bound = upperBound(value);
    counts.set(bound, (counts.get(bound) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

function upperBound(value: number): number {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new RangeError(`no bucket for ${value}`);
  const octave = 2 ** Math.floor(Math.log2(value));
  return octave * (1 + Math.ceil((value / octave - 1) * bucketsPerOctave) / bucketsPerOctave);
}
