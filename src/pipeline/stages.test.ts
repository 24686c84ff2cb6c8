import { expect, test } from 'vitest';
import type { SwarmEvent } from '../events.ts';
import { createStages } from './stages.ts';

function recordedStages() {
  const events: SwarmEvent[] = [];
  return { events, stages: createStages('eu-west-1', (event) => events.push(event)) };
}

const common = { cluster: 'eu-west-1', durationMs: expect.any(Number) };

test('a stage tells of its start, its progress and its end, and gives the result of its work', async () => {
  const { stages, events } = recordedStages();
  const work = async (onProgress: (message: string) => void) => {
    onProgress('web 1/2 running');
    return 3;
  };
  expect(await stages.run('up', work, (created) => `create ${created}`)).toBe(3);
  expect(events).toEqual([
    { type: 'stage-started', cluster: 'eu-west-1', stage: 'up' },
    { type: 'stage-progress', cluster: 'eu-west-1', stage: 'up', message: 'web 1/2 running' },
    { type: 'stage-finished', ...common, stage: 'up', outcome: 'done', summary: 'create 3' },
  ]);
});

test('a stage that fails is recorded as failed, and its error goes on', async () => {
  const { stages, events } = recordedStages();
  const failure = new Error('no leader');
  await expect(stages.run('refresh', () => Promise.reject(failure))).rejects.toBe(failure);
  expect(events.at(-1)).toEqual({ type: 'stage-finished', ...common, stage: 'refresh', outcome: 'failed' });
});

test('a stage that is skipped says why', () => {
  const { stages, events } = recordedStages();
  stages.skip('bench', '--skip-bench');
  expect(events).toEqual([
    { type: 'stage-finished', ...common, stage: 'bench', outcome: 'skipped', summary: '--skip-bench' },
  ]);
});

test('all stages are recorded in their order', async () => {
  const { stages } = recordedStages();
  await stages.run('refresh', async () => {});
  stages.skip('bench', '--skip-bench');
  await stages.run('up', () => Promise.reject(new Error('no leader'))).catch(() => {});
  expect(stages.records).toEqual([
    { name: 'refresh', outcome: 'done', durationMs: expect.any(Number) },
    { name: 'bench', outcome: 'skipped', durationMs: 0 },
    { name: 'up', outcome: 'failed', durationMs: expect.any(Number) },
  ]);
});
