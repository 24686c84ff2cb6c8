import { expect, test } from 'vitest';
import { survivesZoneLoss, zoneOf } from './spread.ts';

test('nodes go round the zones', () => {
  expect([0, 1, 2, 3, 4].map((index) => zoneOf(index, 3))).toEqual([0, 1, 2, 0, 1]);
});

test.each([
  [1, 3, false],
  [3, 3, true],
  [3, 2, false],
  [5, 2, false],
  [5, 3, true],
  [7, 3, true],
])('%i managers over %i zones keep their majority when one is lost: %s', (managers, zones, survives) => {
  expect(survivesZoneLoss(managers, zones)).toBe(survives);
});

test('as counting says, for any number of managers', () => {
  for (const zones of [2, 3])
    for (const managers of [1, 3, 5, 7]) {
      const placed = Array.from({ length: managers }, (_, index) => zoneOf(index, zones));
      const lost = Math.max(...placed.map((zone) => placed.filter((other) => other === zone).length));
      const left = managers - lost;
      expect(survivesZoneLoss(managers, zones)).toBe(left >= Math.floor(managers / 2) + 1);
    }
});
