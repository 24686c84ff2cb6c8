import { expect, test } from 'vitest';
import { costLines } from './cost.ts';
import type { CostReport } from './cost-report.ts';
import { createStyle } from './style.ts';

const nothing: CostReport = {
  version: 1,
  command: 'cost',
  fleet: 'shop',
  ok: true,
  exitCode: 0,
  currency: 'USD',
  clusters: [{ name: 'us-east-1', region: 'us-east-1', items: [], monthly: 0 }],
  shared: [],
  monthly: 0,
};

test('cluster by cluster, what they share, the sum, and what the prices are worth', () => {
  const items = [
    { what: 't3.medium', quantity: 3, monthly: 91.1 },
    { what: 'GB between zones', quantity: 30, monthly: 0.6, isGuess: true },
  ];
  const lines = costLines(
    {
      ...nothing,
      prices: { date: '2025-01-01', source: 'a list' },
      clusters: [{ name: 'us-east-1', region: 'us-east-1', items, monthly: 91.7 }],
      shared: [{ what: 'health check', quantity: 1, monthly: 0.5 }],
      monthly: 92.2,
    },
    createStyle(false),
  );
  expect(lines).toEqual([
    'CLUSTER    FOR                         COUNT  USD A MONTH',
    'us-east-1  t3.medium                       3        91.10',
    'us-east-1  GB between zones (a guess)     30         0.60',
    'us-east-1  together                                 91.70',
    'all        health check                    1         0.50',
    'all        together                                 92.20',
    '',
    'Prices of 2025-01-01 (a list). Traffic to the internet and through NAT gateways and load balancers comes on top.',
  ]);
});

test('a local fleet', () => {
  expect(costLines(nothing, createStyle(false))).toEqual(['Local nodes cost nothing.']);
});
