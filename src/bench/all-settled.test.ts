import { expect, test } from 'vitest';
import { allSettled } from './all-settled.ts';

test('gives the values in their order', async () => {
  expect(await allSettled([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
});

test('fails with the first failure, but not before the last promise has come to an end', async () => {
  const slow = Promise.withResolvers<number>();
  let settled = false;
  const all = allSettled([
    Promise.reject(new Error('first')),
    slow.promise,
    Promise.reject(new Error('second')),
  ]);
  const outcome = all.catch((error: Error) => error.message).finally(() => (settled = true));
  await new Promise(setImmediate);
  expect(settled).toBe(false);
  slow.resolve(1);
  expect(await outcome).toBe('first');
});
