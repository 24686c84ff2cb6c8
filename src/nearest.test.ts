import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const keys = ['fleet', 'managers', 'workers', 'limits', 'region'];

test.each([
  ['manager', 'managers'],
  ['mangaers', 'managers'],
  ['Workers', 'workers'],
  ['limit', 'limits'],
  ['regoin', 'region'],
  ['fleet', 'fleet'],
])('%s is taken for %s', (word, expected) => {
  expect(nearest(word, keys)).toBe(expected);
});

test.each(['memory', '', 'x', 'constructor'])('nothing is near %j', (word) => {
  expect(nearest(word, keys)).toBeUndefined();
});

test('the first of two equally near words wins', () => {
  expect(nearest('bat', ['cat', 'hat'])).toBe('cat');
});

test('without known words there is nothing to suggest', () => {
  expect(nearest('bat', [])).toBeUndefined();
});
