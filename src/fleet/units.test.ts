import { expect, test } from 'vitest';
import { parseDuration, parseMemory, parseMicroseconds, parseShare, parseThroughput } from './units.ts';

test.each([
  ['150ms', 150],
  ['1.5s', 1500],
  ['250us', 0.25],
  ['5m', 300_000],
  ['90d', 7_776_000_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  ['512M', 536_870_912],
  ['2G', 2_147_483_648],
  ['0.5G', 536_870_912],
])('%s is %d bytes', (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});

test('limits of the benchmark', () => {
  expect([parseMicroseconds('66us'), parseMicroseconds('1.5ms'), parseMicroseconds('2s')]).toEqual([
    66, 1_500, 2e6,
  ]);
  expect([parseThroughput('500Mbit'), parseThroughput('1.5Gbit')]).toEqual([5e8, 1.5e9]);
  expect([parseShare('0.1%'), parseShare('0%'), parseShare('100%')]).toEqual([0.001, 0, 1]);
});

test('what the schema would not let pass is a bug', () => {
  expect(() => parseDuration('150')).toThrow('not a quantity: 150');
});
