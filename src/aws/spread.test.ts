import { expect, test } from 'vitest';
import { zoneOf } from './spread.ts';

test('nodes go round the zones', () => {
  expect([0, 1, 2, 3, 4].map((index) => zoneOf(index, 3))).toEqual([0, 1, 2, 0, 1]);
});

test.each([3, 5, 7])('no zone of three has half of %i managers', (managers) => {
  const placed = Array.from({ length: managers }, (_, index) => zoneOf(index, 3));
  const most = Math.max(...placed.map((zone) => placed.filter((other) => other === zone).length));
  expect(managers - most).toBeGreaterThan(managers / 2);
});
