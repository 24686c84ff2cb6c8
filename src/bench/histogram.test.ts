import { expect, test } from 'vitest';
import { histogramOf } from './histogram.ts';

test('a value is at most 0.8 % below the bound of its bucket, and never above', () => {
  for (let value = 0.001; value < 1e7; value *= 1.0007) {
    const [[bound] = [0]] = histogramOf([value]);
    expect(bound).toBeGreaterThanOrEqual(value);
    expect((bound - value) / value).toBeLessThanOrEqual(1 / 128);
  }
});

test('every value is counted once, in ascending buckets', () => {
  const values = [40, 40.1, 41, 150, 40, 1];
  expect(histogramOf(values)).toEqual([
    [1, 1],
    [40, 2],
    [40.25, 1],
    [41, 1],
    [150, 1],
  ]);
});

test('powers of two are bounds, and what is just below one is counted up to it', () => {
  expect(histogramOf([8, 8 - 1e-15, 8.0001]).map(([bound]) => bound)).toEqual([8, 8.0625]);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%s is no latency', (value) => {
  expect(() => histogramOf([value])).toThrow(RangeError);
});
