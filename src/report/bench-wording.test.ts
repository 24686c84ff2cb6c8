import { expect, test } from 'vitest';
import { formatMicroseconds, formatShare, formatThroughput, shortNames } from './bench-wording.ts';

test('numbers have two significant digits and their unit', () => {
  expect([66.4, 1_500, 151_000].map(formatMicroseconds)).toEqual(['0.066 ms', '1.5 ms', '151 ms']);
  expect([2.14e9, 640e6, 9.4e6].map(formatThroughput)).toEqual(['2.1 Gbit/s', '640 Mbit/s', '9.4 Mbit/s']);
  expect([0, 0.001_23, 0.1, 1].map(formatShare)).toEqual(['0 %', '0.12 %', '10 %', '100 %']);
});

test.each([
  [
    ['shop-us-manager-1', 'shop-us-manager-2'],
    ['manager-1', 'manager-2'],
  ],
  [
    ['shop-us-manager-1', 'shop-us-worker-1'],
    ['manager-1', 'worker-1'],
  ],
  [
    ['shop-us-manager-1', 'shop-eu-manager-1'],
    ['us-manager-1', 'eu-manager-1'],
  ],
  [
    ['alpha', 'beta'],
    ['alpha', 'beta'],
  ],
  [['only-one-node-1'], ['node-1']],
])('%s are shown as %s', (names, shown) => {
  expect([...shortNames(names).values()]).toEqual(shown);
});
