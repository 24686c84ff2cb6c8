import { expect, test } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import type { BenchReport } from '../report/report.ts';
import { budgetError, judgeBudget } from './budget.ts';

function reportOf(latencies: Record<string, number>): BenchReport {
  const pairs = Object.entries(latencies).map(([pair, p99]) => {
    const [from = '', to = ''] = pair.split('-');
    return { from, to, samples: 1_000, p50: p99 / 2, p99 };
  });
  return { simulation: true, path: 'overlay', messageBytes: 64, pairs };
}

test('without a budget there is no verdict', () => {
  expect(judgeBudget(reportOf({ 'a-b': 5 }), {})).not.toHaveProperty('budget');
});

test.each([
  [5, true],
  [4.999, false],
])('a p99 of 5 ms against a budget of %s ms: met %s', (p99Ms, met) => {
  expect(judgeBudget(reportOf({ 'a-b': 5, 'b-c': 1 }), { p99Ms }).budget).toEqual({ p99: p99Ms, met });
});

test('one pair over the budget misses it', () => {
  expect(judgeBudget(reportOf({ 'a-b': 0.1, 'a-c': 0.3, 'b-c': 0.1 }), { p99Ms: 0.2 }).budget?.met).toBe(
    false,
  );
});

test('a cluster of one node meets every budget', () => {
  expect(judgeBudget(reportOf({}), { p99Ms: 0.001 }).budget).toEqual({ p99: 0.001, met: true });
});

test('the error names the worst pair and by how much, then the others', () => {
  const error = budgetError(judgeBudget(reportOf({ 'a-b': 0.2, 'a-c': 0.35, 'b-c': 0.05 }), { p99Ms: 0.1 }));
  expect(error).toBeInstanceOf(SwarmctlError);
  expect(error.code).toBe('budget-missed');
  expect(error.message).toBe(
    'The latency budget is missed: p99 between a and c is 0.35 ms, 0.25 ms over the allowed 0.1 ms.',
  );
  expect(error.details).toEqual([
    'Also missed: p99 between a and b is 0.2 ms, 0.1 ms over the allowed 0.1 ms',
  ]);
});

test('a miss of a budget of 1 µs is told in the same unit', () => {
  const { message } = budgetError(judgeBudget(reportOf({ 'a-b': 0.066 }), { p99Ms: 0.001 }));
  expect(message).toContain('is 0.066 ms, 0.065 ms over the allowed 0.001 ms');
});

test('a miss by a fifth of a microsecond is not told as none', () => {
  const { message } = budgetError(judgeBudget(reportOf({ 'a-b': 150.0002 }), { p99Ms: 150 }));
  expect(message).toContain('is 150.0002 ms, 0.0002 ms over the allowed 150 ms');
});
