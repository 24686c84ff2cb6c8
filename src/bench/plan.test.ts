import { expect, test } from 'vitest';
import { estimateSeconds, planBench } from './plan.ts';

const slots = () => 3;

test('a full run has enough messages for p99.9 and ten rounds with a p99 each; a quick one for p99', () => {
  const { idle, load } = planBench({ quick: false, throughput: false }, slots);
  expect(idle.rounds * idle.messagesPerRound).toBeGreaterThanOrEqual(10_000);
  expect(idle).toMatchObject({ rounds: 10, messagesPerRound: 1_000, sizes: [64, 1024] });
  expect(load?.messages).toBeGreaterThanOrEqual(10_000);
  const quick = planBench({ quick: true, throughput: false }, slots);
  expect(quick.idle.rounds * quick.idle.messagesPerRound).toBeGreaterThanOrEqual(1_000);
});

test('a quick run measures the throughput where a budget is about it, in less than 20 s for three nodes', () => {
  const plan = planBench({ quick: true, throughput: true }, slots);
  expect(plan.load).toMatchObject({ streams: [1], messages: 0, shares: [] });
  expect(estimateSeconds(plan, 3)).toBeLessThan(20);
});

test('a quick run of three nodes takes less than 20 s', () => {
  expect(estimateSeconds(planBench({ quick: true, throughput: false }, slots), 3)).toBeLessThan(12);
});

test.each([120_000, 300_000, 3_600_000])('what is measured fills a duration of %i ms', (durationMs) => {
  const plan = planBench({ quick: false, throughput: false, durationMs }, slots);
  const seconds = estimateSeconds(plan, 3);
  expect(seconds).toBeLessThanOrEqual(durationMs / 1_000);
  expect(seconds).toBeGreaterThan((durationMs / 1_000) * 0.85);
});

test('a duration that is too short says how long is long enough', () => {
  const attempt = (durationMs: number) => planBench({ quick: false, throughput: false, durationMs }, slots);
  expect(() => attempt(10_000)).toThrow(/^A duration of 10 s is too short: \d+ s are needed at least\.$/);
  let needed = 0;
  try {
    attempt(10_000);
  } catch (error) {
    needed = Number(/(\d+) s are needed/.exec(String(error))?.[1]);
  }
  expect(estimateSeconds(attempt(needed * 1_000), 3)).toBeLessThanOrEqual(needed);
});
