import { expect, test } from 'vitest';
import { describeCost } from './tell-costs.ts';

test.each([
  [109.85, 0, '109.85 USD a month (+109.85)'],
  [109.85, 85.9, '109.85 USD a month (+23.95)'],
  [85.9, 109.85, '85.90 USD a month (-23.95)'],
  [85.9, 85.9, '85.90 USD a month (+0.00)'],
  [85.9, undefined, '85.90 USD a month'],
])('%f dollars after %s: %s', (monthly, before, text) => {
  expect(describeCost(monthly, before)).toBe(text);
});
