import { expect, test } from 'vitest';
import { takingTurns } from './engine.ts';

/** Questions that are answered when the test says so, and which of them have been asked. */
function askThree(patienceMs: number) {
  const inTurn = takingTurns(patienceMs);
  const answers = [0, 1, 2].map(() => Promise.withResolvers<number>());
  const asked: number[] = [];
  const told = answers.map(({ promise }, index) =>
    inTurn(() => {
      asked.push(index);
      return promise;
    }),
  );
  return { answers, asked, told };
}

test('a question is asked when the one before it is answered, or has failed', async () => {
  const { answers, asked, told } = askThree(60_000);
  await expect.poll(() => asked).toEqual([0]);
  answers[0]?.resolve(10);
  expect(await told[0]).toBe(10);
  await expect.poll(() => asked).toEqual([0, 1]);
  answers[1]?.reject(new Error('lost'));
  await expect(told[1]).rejects.toThrow('lost');
  answers[2]?.resolve(12);
  expect(await told[2]).toBe(12);
});

test('one that takes long holds nobody up', async () => {
  const { answers, asked, told } = askThree(1);
  await expect.poll(() => asked).toEqual([0, 1, 2]);
  for (const [index, { resolve }] of answers.entries()) resolve(index);
  expect(await Promise.all(told)).toEqual([0, 1, 2]);
});
