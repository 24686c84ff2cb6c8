import { expect, test } from 'vitest';
import { newestInTurn, type TerminalSize } from './exec.ts';

test('a size is told when the one before has arrived, and of those that waited only the newest', async () => {
  const arrivals: PromiseWithResolvers<void>[] = [];
  const told: number[] = [];
  const resize = newestInTurn(async ({ columns }: TerminalSize) => {
    told.push(columns);
    const arrival = Promise.withResolvers<void>();
    arrivals.push(arrival);
    await arrival.promise;
  });
  const first = resize({ columns: 70, rows: 24 });
  await expect.poll(() => told).toEqual([70]);
  const others = [80, 90].map((columns) => resize({ columns, rows: 24 }));
  arrivals[0]?.resolve();
  await expect.poll(() => told).toEqual([70, 90]);
  arrivals[1]?.resolve();
  await Promise.all([first, ...others]);
});

test('a size that could not be told does not keep the next one', async () => {
  const told: number[] = [];
  const resize = newestInTurn(async ({ columns }) => {
    told.push(columns);
    if (columns === 70) throw new Error('lost');
  });
  await expect(resize({ columns: 70, rows: 24 })).rejects.toThrow('lost');
  await resize({ columns: 80, rows: 24 });
  expect(told).toEqual([70, 80]);
});
