import { expect, onTestFinished, test } from 'vitest';
import { answer, manager, startEngine } from '../docker/scripted-engine.ts';
import { openSwarm } from '../docker/swarm.ts';
import { noChanges, type StackChanges } from '../engine/changes.ts';
import type { ResourceStep } from '../report/report.ts';
import { checkDeletes, checkQuorum, destructiveSteps } from './guard.ts';

function step(op: ResourceStep['op'], type: string, name: string, fields: string[] = []): ResourceStep {
  return { op, type, name, fields };
}

function changes(...steps: ResourceStep[]): StackChanges {
  return { ...noChanges(), steps };
}

test('what is made or changed in place destroys nothing', () => {
  const harmless = changes(step('create', 'Service', 'web'), step('update', 'Node', 'n1', ['labels']));
  expect(destructiveSteps(harmless)).toEqual([]);
  expect(checkDeletes(harmless)).toBeUndefined();
});

test('old versions of configs and secrets go with every update', () => {
  expect(
    destructiveSteps(changes(step('delete', 'Config', 'page-1a'), step('delete', 'Secret', 'key-2b'))),
  ).toEqual([]);
});

test('deletes and replacements are refused by name', () => {
  const steps = [
    step('delete', 'Service', 'shop_web'),
    step('replace', 'Network', 'shop_backend'),
    step('replace', 'Secret', 'key-2b'),
  ];
  expect(() => checkDeletes(changes(step('create', 'Service', 'shop_api'), ...steps))).toThrow(
    expect.objectContaining({
      code: 'deletes-refused',
      message: '3 resources would be deleted or replaced.',
      details: ['delete Service shop_web', 'replace Network shop_backend', 'replace Secret key-2b'],
      hint: expect.stringContaining('--allow-deletes'),
    }),
  );
});

/** A swarm of managers m1, m2, … (`+` reachable, `-` not) and one worker, as its managers tell. */
async function swarmOf(health: string) {
  const managers = [...health].map((mark, index) => ({
    Description: { Hostname: `m${index + 1}` },
    ManagerStatus: { Reachability: mark === '+' ? 'reachable' : 'unreachable' },
  }));
  const nodes = [...managers, { Description: { Hostname: 'w1' } }];
  const engine = await startEngine({ ...manager, '/nodes': () => answer(nodes) });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  return { swarm, engine };
}

test.each<[string, string, ResourceStep[]]>([
  ['one of three', '+++', [step('delete', 'Node', 'm3')]],
  ['the one that is down', '++-', [step('delete', 'Node', 'm3')]],
  ['two of five', '+++++', [step('delete', 'Node', 'm4'), step('update', 'Node', 'm5', ['role'])]],
])('%s may leave', async (_, health, steps) => {
  const { swarm } = await swarmOf(health);
  expect(await checkQuorum(swarm, changes(...steps))).toBeUndefined();
});

test.each<[string, string, ResourceStep[]]>([
  ['a healthy one, with one of three down', '++-', [step('delete', 'Node', 'm1')]],
  ['one that becomes a worker', '++-', [step('update', 'Node', 'm1', ['role'])]],
  ['one that is replaced', '++-', [step('replace', 'Node', 'm1')]],
  ['all at once', '+++', ['m1', 'm2', 'm3'].map((name) => step('delete', 'Node', name))],
])('%s may not leave', async (_, health, steps) => {
  const { swarm } = await swarmOf(health);
  await expect(checkQuorum(swarm, changes(...steps))).rejects.toMatchObject({ code: 'quorum-refused' });
});

test('the refusal says who would leave and who would be left', async () => {
  const { swarm } = await swarmOf('++-');
  await expect(checkQuorum(swarm, changes(step('delete', 'Node', 'm1')))).rejects.toMatchObject({
    message: 'Taking out m1 would leave 1 of 2 managers reachable; a quorum needs 2.',
  });
});

test('a change that takes no node is not held up by a swarm that cannot be asked', async () => {
  const { swarm, engine } = await swarmOf('+');
  const harmless = changes(step('delete', 'Service', 'm1'), step('update', 'Node', 'm1', ['labels']));
  expect(await checkQuorum(swarm, harmless)).toBeUndefined();
  expect(engine.requests).toEqual([]);
});
