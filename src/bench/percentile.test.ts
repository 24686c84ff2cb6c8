import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

const oneToThousand = Array.from({ length: 1_000 }, (_, index) => index + 1);

test.each([
  [50, 500],
  [99, 990],
  [99.9, 999],
  [100, 1_000],
  [0.01, 1],
])('the %sth percentile of 1 … 1000 is %s', (percent, expected) => {
  expect(percentile(oneToThousand, percent)).toBe(expected);
});

test('a single sample is every percentile', () => {
  expect(percentile([7], 50)).toBe(7);
  expect(percentile([7], 99)).toBe(7);
});

test('one slow message in a hundred is not in the 99th percentile, two are', () => {
  const fast = Array.from({ length: 98 }, () => 1);
  expect(percentile([...fast, 1, 200], 99)).toBe(1);
  expect(percentile([...fast, 200, 200], 99)).toBe(200);
});

test('there is no percentile of nothing', () => {
  expect(() => percentile([], 50)).toThrow(RangeError);
});
