import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapParallel } from './parallel.ts';

/** Work that notes how much of it goes on at the same time. */
function countingWork() {
  const seen = { now: 0, most: 0, started: 0 };
  const work = async (turns: number) => {
    seen.started += 1;
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    seen.now -= 1;
    return turns;
  };
  return { seen, work };
}

test('results come in the order of the items, whichever is done first', async () => {
  const { work } = countingWork();
  expect(await mapParallel([9, 1, 5, 0], 4, work)).toEqual([9, 1, 5, 0]);
});

test.each([
  [1, 1],
  [2, 2],
  [8, 5],
])('with a limit of %i, %i of 5 items are worked on at the same time', async (limit, most) => {
  const { seen, work } = countingWork();
  await mapParallel([3, 3, 3, 3, 3], limit, work);
  expect(seen).toEqual({ now: 0, most, started: 5 });
});

test('no items, no work', async () => {
  const { seen, work } = countingWork();
  expect(await mapParallel([], 4, work)).toEqual([]);
  expect(seen.started).toBe(0);
});

test('work that fails is the failure of all', async () => {
  const work = async (item: number) => {
    if (item === 2) throw new Error('item 2');
    return item;
  };
  await expect(mapParallel([1, 2, 3], 2, work)).rejects.toThrow('item 2');
});
