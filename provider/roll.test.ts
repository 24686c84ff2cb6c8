import { expect, test } from 'vitest';
import { createRoll } from './roll.ts';

test('machines take turns', async () => {
  const roll = createRoll();
  const steps: string[] = [];
  const work = (name: string) => async () => {
    steps.push(`${name} down`);
    await Promise.resolve();
    steps.push(`${name} up`);
  };
  await Promise.all(['a', 'b'].map((name) => roll.next(name, work(name))));
  expect(steps).toEqual(['a down', 'a up', 'b down', 'b up']);
});

test('after one that failed, no more is taken', async () => {
  const roll = createRoll();
  const failing = roll.next('a', () => Promise.reject(new Error('gone')));
  const next = roll.next('b', async () => 'touched');
  await expect(failing).rejects.toThrow('gone');
  await expect(next).rejects.toMatchObject({
    code: 'node-failed',
    message: 'b was not restarted, since a failed.',
  });
});
