/** Up to this many values in both samples the distribution is counted out. */
const mostCounted = 50;

/** What the comparison of two samples says. */
export interface RankTest {
  /** Pairs of values of which the second sample's is the greater; ties count half. */
  u: number;
  /** Two-sided: how often samples of one source lie at least this far apart. */
  p: number;
}

/**
 * The U test (H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18, 1947): does one sample tend to
 * greater values than the other? It takes nothing for granted about how the values are distributed.
 *
 * For small samples p is exact, with ties too: all ways to deal the ranks are counted by the shift algorithm
 * (B. Streitberg and J. Röhmel, Statistical Software Newsletter 12, 1986). Above, it is approximated by the normal
 * distribution, with the variance corrected for ties and half a unit for continuity (S. Siegel, Nonparametric
 * Statistics, 1956).
 * @throws RangeError when a sample is empty or holds what is no number
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): RankTest {
  const all = [...first, ...second];
  if (first.length === 0 || second.length === 0 || !all.every(Number.isFinite)) {
    throw new RangeError('two samples of numbers are needed');
  }
  const ranks = doubledRanks(all);
  const sum = ranks.slice(first.length).reduce((total, rank) => total + rank, 0);
  const u = (sum - second.length * (second.length + 1)) / 2;
  const p = all.length <= mostCounted ? exactP(ranks, second.length, sum) : normalP(ranks, second.length, u);
  return { u, p };
}

/** Twice the rank of each value, from 2, so that the mean rank of values that tie is a whole number too. */
function doubledRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

/** The share of all choices of `size` ranks whose sum is at least as far from the expected one as `sum`. */
function exactP(ranks: readonly number[], size: number, sum: number): number {
  const ways = countSums(ranks, size);
  const expected = (ranks.reduce((total, rank) => total + rank, 0) * size) / ranks.length;
  const distance = Math.abs(sum - expected);
  // What rounding makes of two sums that are equally far from the expected one.
  const slack = 1e-9;
  let extreme = 0;
  let total = 0;
  for (const [reached, count] of ways.entries()) {
    total += count;
    if (Math.abs(reached - expected) >= distance - slack) extreme += count;
  }
  return extreme / total;
}

/** How many choices of `size` ranks have each sum, by the sum. */
function countSums(ranks: readonly number[], size: number): number[] {
  const most = ranks.reduce((total, rank) => total + rank, 0);
  const ways = Array.from({ length: size + 1 }, () => new Array<number>(most + 1).fill(0));
  (ways[0] as number[])[0] = 1;
  for (const rank of ranks) {
    for (let chosen = size; chosen >= 1; chosen--) {
      const [fewer, more] = [ways[chosen - 1] as number[], ways[chosen] as number[]];
      for (let sum = most; sum >= rank; sum--) more[sum] = (more[sum] ?? 0) + (fewer[sum - rank] ?? 0);
    }
  }
  return ways[size] ?? [];
}

function normalP(ranks: readonly number[], size: number, u: number): number {
  const all = ranks.length;
  const others = all - size;
  const ties = [...Map.groupBy(ranks, (rank) => rank).values()].map(({ length }) => length ** 3 - length);
  const tied = ties.reduce((total, each) => total + each, 0);
  const variance = ((size * others) / 12) * (all + 1 - tied / (all * (all - 1)));
  const distance = Math.abs(u - (size * others) / 2) - 0.5;
  return variance === 0 ? 1 : twoTails(Math.max(distance, 0) / Math.sqrt(variance));
}

/**
 * The area of the normal distribution beyond ±z, by the series of the error function
 * (M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 7.1.6). To about 1e-15.
 */
function twoTails(z: number): number {
  const x = z / Math.SQRT2;
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return Math.max(0, 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum);
}
