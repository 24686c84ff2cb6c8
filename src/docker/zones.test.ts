import { expect, test } from 'vitest';
import { warnOfZones } from './zones.ts';

/** Managers m1, m2, … in these zones; `-` is none. */
function managersIn(zones: string) {
  return [...zones].map((zone, index) => ({ name: `m${index + 1}`, ...(zone !== '-' && { zone }) }));
}

test.each(['abc', 'aabbc', 'aabbccd', '---', 'a--', 'a', ''])('%s: every zone may be lost', (zones) => {
  expect(warnOfZones(managersIn(zones))).toBeUndefined();
});

test.each([
  ['aab', 'The loss of zone a would take the quorum: 2 of 3 managers are in it (m1, m2).'],
  ['-bb', 'The loss of zone b would take the quorum: 2 of 3 managers are in it (m2, m3).'],
  ['bbb', 'The loss of zone b would take the quorum: 3 of 3 managers are in it (m1, m2, m3).'],
  ['abaca', 'The loss of zone a would take the quorum: 3 of 5 managers are in it (m1, m3, m5).'],
])('%s: %s', (zones, warning) => {
  expect(warnOfZones(managersIn(zones))).toBe(`${warning} Spread the managers over three zones.`);
});
