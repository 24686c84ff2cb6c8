import { expect, test } from 'vitest';
import { quantilesOf } from './quantiles.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index);

test('of 1 … 10,000 in any order', () => {
  expect(quantilesOf(upTo(10_000))).toEqual({
    samples: 10_000,
    min: 1,
    p50: 5_000,
    p90: 9_000,
    p99: 9_900,
    p999: 9_990,
    max: 10_000,
  });
});

test('a percentile that would rest on fewer than ten samples is left out', () => {
  expect(quantilesOf(upTo(999))).not.toHaveProperty('p99');
  expect(quantilesOf(upTo(1_000))).toHaveProperty('p99', 990);
  expect(quantilesOf(upTo(9_999))).not.toHaveProperty('p999');
});

test('one in a hundred that is slow shows above the 99th percentile only', () => {
  const samples = Array.from({ length: 10_000 }, (_, index) => (index % 100 === 7 ? 200_000 : 50));
  expect(quantilesOf(samples)).toMatchObject({ p50: 50, p90: 50, p99: 50, p999: 200_000 });
});

test('there are none of nothing', () => {
  expect(() => quantilesOf([])).toThrow(RangeError);
});
