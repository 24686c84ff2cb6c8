import { expect, test } from 'vitest';
import { holm } from './holm.ts';

test('four hypotheses of which two are rejected at 0.05', () => {
  // The example of many textbooks: 0.005 < 0.05/4 and 0.01 < 0.05/3, but 0.03 > 0.05/2.
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
});

test('one test needs no correction', () => {
  expect(holm([0.04])).toEqual([0.04]);
});

test('no p is above 1, and equal ones stay equal', () => {
  expect(holm([0.6, 0.6, 0.9])).toEqual([1, 1, 1]);
  expect(holm([])).toEqual([]);
});
