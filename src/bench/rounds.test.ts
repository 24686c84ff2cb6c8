import { describe, expect, test } from 'vitest';
import { planRounds } from './rounds.ts';

function nodes(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}

test('a single node has no pair', () => {
  expect(planRounds([])).toEqual([]);
  expect(planRounds(nodes(1))).toEqual([]);
});

test('three nodes make three pairs, one after the other', () => {
  const rounds = planRounds(['a', 'b', 'c']);
  expect(rounds.map((round) => round.length)).toEqual([1, 1, 1]);
  expect(new Set(rounds.flat().map(String))).toEqual(new Set(['a,b', 'a,c', 'b,c']));
});

describe.each([2, 3, 4, 5, 6])('%i nodes', (count) => {
  const rounds = planRounds(nodes(count));

  test('each pair is measured once, from the earlier node to the later one', () => {
    const pairs = rounds.flat().map(String);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs).toHaveLength((count * (count - 1)) / 2);
    expect(rounds.flat().every(([from, to]) => from < to)).toBe(true);
  });

  test('in as few rounds as there can be', () => {
    expect(rounds).toHaveLength(count % 2 === 0 ? count - 1 : count);
  });
});

describe.each([7, 8, 13, 64])('%i nodes', (count) => {
  const rounds = planRounds(nodes(count));

  test('each node is measured with its two neighbours in the ring', () => {
    expect(rounds.flat()).toHaveLength(count);
    expect(new Set(rounds.flat().map(String)).size).toBe(count);
    for (const node of nodes(count))
      expect(rounds.flat().filter((pair) => pair.includes(node))).toHaveLength(2);
  });

  test('in two rounds, or three when the number is odd', () => {
    expect(rounds).toHaveLength(count % 2 === 0 ? 2 : 3);
  });
});

test.each([2, 3, 4, 5, 6, 7, 8, 31])('of %i nodes none is in two pairs of one round', (count) => {
  for (const round of planRounds(nodes(count))) expect(new Set(round.flat()).size).toBe(round.length * 2);
});
