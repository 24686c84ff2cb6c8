import { describe, expect, test } from 'vitest';
import { mannWhitney } from './mann-whitney.ts';

const upFrom = (start: number, length: number) => Array.from({ length }, (_, index) => start + index);

/** Two samples of 5 without ties that have a given U. */
function samplesWithU(u: number): [number[], number[]] {
  const first = [1, 2, 3, 4, 5].map((value) => 10 * value);
  const second = first.map((_, index) => Math.min(5, Math.max(0, u - 5 * index)));
  return [first, second.map((below, index) => below * 10 + 1 + index)];
}

describe('exact', () => {
  // One tail of n = m = 5: Mann and Whitney 1947, table I; also Siegel 1956, table J.
  test.each([
    [0, 0.004],
    [1, 0.008],
    [2, 0.016],
    [3, 0.028],
    [4, 0.048],
    [5, 0.075],
    [6, 0.111],
    [7, 0.155],
    [8, 0.21],
    [9, 0.274],
    [10, 0.345],
    [11, 0.421],
  ])('U = %s of 5 and 5: one tail of %s', (u, oneTail) => {
    const test = mannWhitney(...samplesWithU(u));
    expect(test.u).toBe(u);
    expect(test.p / 2).toBeCloseTo(oneTail, 3);
  });

  // Two-sided critical values at 0.05 (Siegel 1956, table K): U is significant, U + 1 is not.
  test.each([
    [5, 2],
    [8, 13],
    [10, 23],
    [12, 37],
    [15, 64],
    [20, 127],
  ])('critical value for %s and %s: %s', (size, critical) => {
    const pOf = (u: number) => {
      // The first `u` pairs are the ones to lose: each second value is above as many of the first as it takes.
      const below = upFrom(0, size).map((index) => Math.min(size, Math.max(0, u - size * index)));
      return mannWhitney(
        upFrom(1, size).map((value) => value * 1_000),
        below.map((count, index) => count * 1_000 + 1 + index),
      ).p;
    };
    expect(pOf(critical)).toBeLessThanOrEqual(0.05);
    expect(pOf(critical + 1)).toBeGreaterThan(0.05);
  });

  test('permeability of membranes (Hollander and Wolfe 1973, page 69)', () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const { u, p } = mannWhitney([1.15, 0.88, 0.9, 0.74, 1.21], term);
    expect(u).toBe(35);
    expect(p).toBeCloseTo(0.2544, 4);
  });

  test('with ties it is what trying all choices gives', () => {
    const first = [1, 2, 2, 3, 7];
    const second = [2, 3, 3, 8];
    expect(mannWhitney(first, second).p).toBeCloseTo(pByTrying(first, second), 12);
  });

  test('nothing but ties says nothing', () => {
    expect(mannWhitney([4, 4, 4], [4, 4]).p).toBe(1);
  });
});

describe('approximated', () => {
  // Ozone in New York, May and August 1973 (J. M. Chambers et al., Graphical Methods for Data Analysis, 1983);
  // W = 127.5 and p = 0.0001208 are in R's manual of wilcox.test, where ties make it take the normal distribution.
  const may = [
    41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
  ];
  const august = [
    39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85,
  ];

  test('ozone in May and August', () => {
    const { u, p } = mannWhitney(august, may);
    expect(u).toBe(127.5);
    expect(p).toBeCloseTo(0.000_120_8, 7);
  });

  test('40 against 40 with 30 ties, by hand from Siegel’s formula', () => {
    const { u, p } = mannWhitney(upFrom(0, 40), upFrom(10, 40));
    expect(u).toBe(1_150);
    // z = (|1150 − 800| − 0.5) / √(1600/12 × (81 − 30 × 6 / (80 × 79))) = 3.3637, whose two tails are 0.000769.
    expect(p).toBeCloseTo(0.000_769, 6);
  });

  test('what lies far apart has a p that is small, and no less than none', () => {
    const { p } = mannWhitney(upFrom(0, 200), upFrom(1_000, 200));
    expect(p).toBeGreaterThanOrEqual(0);
    expect(p).toBeLessThan(1e-14);
  });
});

test('which sample is the first makes no difference to p', () => {
  expect(mannWhitney([1, 5, 6, 9], [2, 3, 11]).p).toBe(mannWhitney([2, 3, 11], [1, 5, 6, 9]).p);
});

test('the smallest p of 10 and 10 is 2 of 184,756 (docs/bench.md)', () => {
  expect(mannWhitney(upFrom(0, 10), upFrom(10, 10)).p).toBeCloseTo(2 / 184_756, 15);
  expect(mannWhitney(upFrom(0, 3), upFrom(3, 3)).p).toBeCloseTo(0.1, 15);
});

test.each([
  [[], [1]],
  [[1], []],
  [[1], [Number.NaN]],
  [[Number.POSITIVE_INFINITY], [1]],
])('%s and %s cannot be compared', (first, second) => {
  expect(() => mannWhitney(first, second)).toThrow(RangeError);
});

/** p of the definition: the share of all choices of as many values whose U is as far from the middle. */
function pByTrying(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const uOf = (chosen: number[], rest: number[]) =>
    chosen
      .flatMap((b) => rest.map((a) => (b > a ? 1 : b === a ? 0.5 : 0)))
      .reduce((sum: number, x) => sum + x, 0);
  const middle = (first.length * second.length) / 2;
  const seen = Math.abs(uOf([...second], [...first]) - middle);
  const splits = Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.map((value, index) => ({ value, chosen: ((bits >> index) & 1) === 1 })),
  ).filter((split) => split.filter(({ chosen }) => chosen).length === second.length);
  const us = splits.map((split) =>
    uOf(
      split.filter(({ chosen }) => chosen).map(({ value }) => value),
      split.filter(({ chosen }) => !chosen).map(({ value }) => value),
    ),
  );
  return us.filter((u) => Math.abs(u - middle) >= seen).length / us.length;
}
