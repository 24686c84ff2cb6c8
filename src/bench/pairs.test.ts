import { describe, expect, test } from 'vitest';
import { choosePairs, countSlots, eachDisjoint, type Pair } from './pairs.ts';

function nodes(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}

const everywhere = { most: 1_000, zoneOf: () => undefined };

test('a single node has no pair', () => {
  expect(choosePairs([], { ...everywhere, bothWays: true })).toEqual([]);
  expect(choosePairs(nodes(1), { ...everywhere, bothWays: false })).toEqual([]);
});

test('three nodes make six pairs both ways, and three once', () => {
  expect(choosePairs(['a', 'b', 'c'], { ...everywhere, bothWays: true }).map(String)).toEqual(
    ['a,b', 'a,c', 'b,a', 'b,c', 'c,a', 'c,b'], // biome-ignore format: one line
  );
  expect(choosePairs(['a', 'b', 'c'], { ...everywhere, bothWays: false }).map(String)).toEqual([
    'a,b',
    'a,c',
    'b,c',
  ]);
});

test.each([7, 8, 64])('once, of %i nodes each is measured with its two neighbours', (count) => {
  const pairs = choosePairs(nodes(count), { ...everywhere, bothWays: false });
  expect(new Set(pairs.map(String)).size).toBe(count);
  for (const node of nodes(count)) expect(pairs.filter((pair) => pair.includes(node))).toHaveLength(2);
});

describe('a sample', () => {
  const zones = ['a', 'b', 'c'];
  const zoneOf = (node: string) => zones[Number(node.split('-')[1]) % zones.length];

  test('has each pair of zones first', () => {
    const pairs = choosePairs(nodes(9), { most: 9, bothWays: true, zoneOf });
    const between = pairs.map(([from, to]) => `${zoneOf(from)}${zoneOf(to)}`);
    expect(between.toSorted()).toEqual(['aa', 'ab', 'ac', 'ba', 'bb', 'bc', 'ca', 'cb', 'cc']);
  });

  test('spreads over the nodes, and has no pair twice', () => {
    const pairs = choosePairs(nodes(8), { most: 12, bothWays: true, zoneOf: () => undefined });
    expect(new Set(pairs.map(String)).size).toBe(12);
    for (const node of nodes(8)) expect(pairs.filter((pair) => pair.includes(node))).toHaveLength(3);
  });

  test('of one pair', () => {
    expect(choosePairs(nodes(5), { most: 1, bothWays: true, zoneOf: () => undefined })).toHaveLength(1);
  });
});

test.each([
  [2, true, 2],
  [3, true, 6],
  [4, true, 6],
  [3, false, 3],
  [6, false, 5],
  [1, true, 0],
  [6, true, 10],
  [8, false, 2],
  [9, false, 3],
])('%i nodes, both ways %s: %i pairs one after another', (count, bothWays, slots) => {
  expect(countSlots(choosePairs(nodes(count), { ...everywhere, bothWays }))).toBe(slots);
});

describe('pairs that share a node', () => {
  const pairs = choosePairs(nodes(6), { ...everywhere, bothWays: true });

  test('are never worked on at once, all others are; results come in their order', async () => {
    const busy: string[] = [];
    let most = 0;
    const results = await eachDisjoint(pairs, async (pair) => {
      expect(busy.filter((node) => pair.includes(node))).toEqual([]);
      busy.push(...pair);
      most = Math.max(most, busy.length / 2);
      await new Promise(setImmediate);
      for (const node of pair) busy.splice(busy.indexOf(node), 1);
      return String(pair);
    });
    expect(results).toEqual(pairs.map(String));
    expect(most).toBe(3);
  });

  test.each([4, 6, 8])('all pairs of %i nodes follow each other in full rounds', async (count) => {
    const every = nodes(count).flatMap((from, index) =>
      nodes(count)
        .slice(index + 1)
        .map((to) => [from, to] as const),
    );
    const begun: Pair<string>[] = [];
    await eachDisjoint(every, async (pair) => {
      begun.push(pair);
      await new Promise(setImmediate);
    });
    while (begun.length > 0) expect(new Set(begun.splice(0, count / 2).flat()).size).toBe(count);
  });

  test('after a failure none is begun, and those that were begun come to their end', async () => {
    const begun: Pair<string>[] = [];
    const ended: Pair<string>[] = [];
    const work = async (pair: Pair<string>) => {
      begun.push(pair);
      await new Promise(setImmediate);
      ended.push(pair);
      if (begun[0] === pair) throw new Error('the first');
    };
    await expect(eachDisjoint(pairs, work)).rejects.toThrow('the first');
    expect(begun).toHaveLength(3);
    expect(ended).toHaveLength(3);
  });
});
