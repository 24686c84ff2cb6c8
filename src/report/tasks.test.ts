import { expect, test } from 'vitest';
import type { TaskReport } from './answers.ts';
import { elapsedWords } from './elapsed-words.ts';
import { createStyle } from './style.ts';
import { taskLines } from './tasks.ts';

const now = new Date('2026-11-21T16:00:00Z');

function task(change: Partial<TaskReport>): TaskReport {
  const since = '2026-11-21T15:57:00.5Z';
  const names = {
    id: 'o59apayyjwxzijgf3djzzi4e8',
    name: 'shop_web.1',
    service: 'shop_web',
    image: 'web:1',
    node: 'n1',
  };
  return { ...names, desiredState: 'running', state: 'running', since, ports: [], ...change };
}

test('tasks stand below each other in the words of the docker client, past ones marked', () => {
  const past = { desiredState: 'shutdown', state: 'failed', error: 'task: non-zero exit (1)' };
  const clusters = [
    {
      name: 'east',
      region: 'east',
      tasks: [task({ ports: ['*:80->8080/tcp'] }), task({ ...past, node: 'n2' })],
    },
    { name: 'west', region: 'west', tasks: [task({})] },
  ];
  expect(taskLines(clusters, createStyle(false), now)).toEqual([
    'CLUSTER  ID            NAME            IMAGE  NODE  DESIRED STATE  CURRENT STATE          ERROR                    PORTS',
    'east     o59apayyjwxz  shop_web.1      web:1  n1    Running        Running 2 minutes ago                           *:80->8080/tcp',
    'east     o59apayyjwxz   \\_ shop_web.1  web:1  n2    Shutdown       Failed 2 minutes ago   task: non-zero exit (1)',
    'west     o59apayyjwxz  shop_web.1      web:1  n1    Running        Running 2 minutes ago',
  ]);
});

test.each([
  [0.2, 'less than a second'],
  [1, '1 second'],
  [59, '59 seconds'],
  [60, 'about a minute'],
  [120, '2 minutes'],
  [3_599, '59 minutes'],
  [3_600, 'about an hour'],
  [6_000, '2 hours'],
  [47 * 3_600, '47 hours'],
  [50 * 3_600, '2 days'],
  [15 * 86_400, '2 weeks'],
  [70 * 86_400, '2 months'],
  [800 * 86_400, '2 years'],
])('%d seconds are %s', (seconds, words) => {
  const since = new Date(now.getTime() - seconds * 1000).toISOString();
  expect(elapsedWords(since, now)).toBe(words);
});
