import { expect, test } from 'vitest';
import { durationNs, nanoCpus } from './units.ts';

test.each([
  ['0s', 0],
  ['250ms', 250e6],
  ['1.5s', 1.5e9],
  ['1m30s', 90e9],
  ['1h0m0s', 3600e9],
  ['1h2m3.004s', 3723_004_000_000],
  ['100µs', 100_000],
  ['100us', 100_000],
  ['1ns', 1],
  ['-1m1s', -61e9],
  ['0.3s', 300_000_000],
  ['1.000000001s', 1_000_000_001],
])('%s is %d nanoseconds', (duration, ns) => {
  expect(durationNs(duration)).toBe(ns);
});

test.each(['', '5', 's', '5x', '1 s', '1,5s'])('"%s" is no duration', (text) => {
  expect(() => durationNs(text)).toThrow(RangeError);
});

test.each([
  ['0.5', 500_000_000],
  ['.5', 500_000_000],
  ['2', 2_000_000_000],
  ['1.', 1_000_000_000],
  ['0.29', 290_000_000],
  ['0.000000001', 1],
  ['0.1000000000', 100_000_000],
])('%s processors are %d billionths', (cpus, nano) => {
  expect(nanoCpus(cpus)).toBe(nano);
});

test.each(['', '.', 'half', '-1', '0.0000000001', '1/3'])('"%s" is no number of processors', (text) => {
  expect(() => nanoCpus(text)).toThrow(RangeError);
});
