import { expect, test } from 'vitest';
import { medianOf, medianShift } from './median.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])('the median of %s is %s', (values, median) => {
  expect(medianOf(values)).toBe(median);
});

test('the shift of the membranes of Hollander and Wolfe (1973) is 0.305', () => {
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  expect(medianShift([1.15, 0.88, 0.9, 0.74, 1.21], term)).toBeCloseTo(0.305, 10);
});

test('a shift is found as it is, and an outlier does not move it', () => {
  const first = [100, 101, 102, 103, 104];
  expect(medianShift(first, [115, 116, 117, 118, 119])).toBe(15);
  expect(medianShift(first, [115, 116, 117, 118, 9_000])).toBe(15);
});

test('there is none of nothing', () => {
  expect(() => medianOf([])).toThrow(RangeError);
  expect(() => medianShift([], [1])).toThrow(RangeError);
});
