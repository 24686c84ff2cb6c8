/**
 * p values of several tests, corrected so that even one wrong alarm among all of them stays as rare as the threshold
 * says, by the step-down method (S. Holm, Scandinavian Journal of Statistics 6, 1979): the smallest is multiplied by
 * the number of tests, the next by one less, and none gets below the one before it.
 * @returns in the order of `ps`, at most 1.
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = new Array<number>(ps.length);
  let least = 0;
  const ascending = [...ps.entries()].sort(([, a], [, b]) => a - b);
  for (const [rank, [index, p]] of ascending.entries()) {
    least = Math.max(least, Math.min(1, p * (ps.length - rank)));
    adjusted[index] = least;
  }
  return adjusted;
}
