import { expect, test } from 'vitest';
import { parseDuration, parseMemory } from './units.ts';

test.each([
  ['150ms', 150],
  ['1.5s', 1500],
  ['250us', 0.25],
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

test('what the schema would not let pass is a bug', () => {
  expect(() => parseDuration('150')).toThrow('not a quantity: 150');
});
