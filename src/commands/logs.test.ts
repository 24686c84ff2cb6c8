import { expect, test } from 'vitest';
import { sinceOf } from './logs.ts';

const now = Date.parse('2026-11-21T16:00:00Z');

test.each([
  ['90s', 90],
  ['10m', 600],
  ['1h30m', 5_400],
  ['2d', 172_800],
  ['0.5s', 0.5],
])('--since %s is so many seconds ago', (text, seconds) => {
  expect(sinceOf(text, now)).toBe((now / 1000 - seconds).toFixed(3));
});

test.each([
  ['2026-11-21T16:00:00Z', '1795276800.000'],
  ['2026-11-21T17:00:00.25+01:00', '1795276800.250'],
  ['1795276800.5', '1795276800.500'],
])('--since %s is that moment', (text, seconds) => {
  expect(sinceOf(text, now)).toBe(seconds);
});

test.each(['yesterday', '10x', '-5m', ''])('--since %j is refused', (text) => {
  expect(() => sinceOf(text, now)).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('without --since there is no limit', () => {
  expect(sinceOf(undefined, now)).toBeUndefined();
});
