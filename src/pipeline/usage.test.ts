import { expect, test } from 'vitest';
import { type MeasuredTask, usageByService } from './usage.ts';

const mebi = 1024 ** 2;

function measured(
  service: string,
  cpuMs: number,
  change: { limit?: number; isNew?: boolean } = {},
): MeasuredTask {
  const { limit, isNew = false } = change;
  const before = isNew ? undefined : { atMs: 1_000, cpuMs: 500, memoryBytes: 0 };
  const now = { atMs: 3_000, cpuMs: 500 + cpuMs, memoryBytes: 2 * mebi };
  const task = { id: 't', service, ...(limit === undefined ? {} : { memoryLimitBytes: limit }) };
  return { task, before, now };
}

test('tasks are summed by service: CPU over the time between two samples, memory, limits', () => {
  const tasks = [measured('web', 500, { limit: 32 * mebi }), measured('web', 3_000, { limit: 32 * mebi })];
  expect(usageByService([...tasks, measured('db', 20)])).toEqual([
    { service: 'db', tasks: 1, cpuPercent: 1, memoryBytes: 2 * mebi },
    { service: 'web', tasks: 2, cpuPercent: 175, memoryBytes: 4 * mebi, memoryLimitBytes: 64 * mebi },
  ]);
});

test('a service with one task without a limit has none', () => {
  const [web] = usageByService([measured('web', 0, { limit: 32 * mebi }), measured('web', 0)]);
  expect(web).not.toHaveProperty('memoryLimitBytes');
});

test('a task that has just started, or was started anew, takes no CPU yet', () => {
  expect(usageByService([measured('web', 100, { isNew: true }), measured('web', -400)])).toMatchObject([
    { tasks: 2, cpuPercent: 0 },
  ]);
});
