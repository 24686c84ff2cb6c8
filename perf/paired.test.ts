import { expect, test } from 'vitest';
import { median, timeInTurn } from './paired.ts';

test.each([
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('contenders take turns, and each round begins with another', async () => {
  const order: string[] = [];
  const contender = (name: string) => ({ name, run: async () => void order.push(name) });
  const timings = await timeInTurn([contender('a'), contender('b')], 3, () => {});
  expect(order.join('')).toBe('abbaab');
  expect(timings.map(({ name, seconds }) => [name, seconds.length])).toEqual([
    ['a', 3],
    ['b', 3],
  ]);
});

test('what prepares and cleans is not timed, and a failed run is cleaned up after', async () => {
  const steps: string[] = [];
  const failing = {
    name: 'a',
    prepare: async () => void steps.push('prepare'),
    run: async () => {
      throw new Error('not deployed');
    },
    clean: async () => void steps.push('clean'),
  };
  await expect(timeInTurn([failing], 1, () => {})).rejects.toThrow('not deployed');
  expect(steps).toEqual(['prepare', 'clean']);
});
