import { expect, test } from 'vitest';
import type { StackTask } from '../docker/stack-tasks.ts';
import { type Choice, chooseTargets, endpointOf } from './exec.ts';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';

const fleet = sampleFleet({ clusters: [sampleCluster('east'), sampleCluster('west')] });

function task(id: string, name: string, node: string): StackTask {
  const [service = '', slot] = name.split('.');
  const report = { id, name, service, node, image: 'web:1', desiredState: 'running', state: 'running' };
  return { ...report, since: '', ports: [], slot: Number(slot), containerId: `c-${id}` };
}

const services = ['shop_web', 'shop_db'];
const answers = [
  {
    name: 'east',
    region: 'east',
    services,
    running: [task('abcd1', 'shop_web.1', 'n1'), task('abcd2', 'shop_web.2', 'n2')],
  },
  { name: 'west', region: 'west', services, running: [task('efgh1', 'shop_web.1', 'n3')] },
  {
    name: 'down',
    region: 'down',
    error: { code: 'unreachable' as const, message: 'No manager can be reached.' },
  },
];
const choose = (choice: Partial<Choice>) =>
  chooseTargets(fleet, answers, { service: 'web', ...choice }).map(
    ({ cluster, task: { id } }) => `${cluster} ${id}`,
  );

test.each<[Partial<Choice>, string[]]>([
  [{}, ['east abcd1', 'east abcd2', 'west efgh1']],
  [{ service: 'shop_web' }, ['east abcd1', 'east abcd2', 'west efgh1']],
  [{ task: '1' }, ['east abcd1', 'west efgh1']],
  [{ task: 'web.2' }, ['east abcd2']],
  [{ task: 'shop_web.2' }, ['east abcd2']],
  [{ task: 'efgh' }, ['west efgh1']],
  [{ node: 'n2' }, ['east abcd2']],
])('%o means %o', (choice, ids) => {
  expect(choose(choice)).toEqual(ids);
});

test('an unknown service is told with the nearest one', () => {
  expect(() => choose({ service: 'wbe' })).toThrow(
    expect.objectContaining({ code: 'not-found', hint: 'Did you mean web? The services: db, web' }),
  );
});

test.each<[Partial<Choice>, string]>([
  [{ service: 'db' }, 'No task of service shop_db runs.'],
  [{ task: '7', node: 'n1' }, 'No task of service shop_web runs for --task 7 --node n1.'],
  [{ task: 'a' }, 'No task of service shop_web runs for --task a.'],
])('%o means none', (choice, message) => {
  expect(() => choose(choice)).toThrow(expect.objectContaining({ code: 'not-found', message }));
});

test('a node of the fleet has its endpoint; another one is not found', () => {
  expect(endpointOf(fleet, 'east', 'shop-east-manager-1')).toBe('exec://shop-east-manager-1');
  expect(() => endpointOf(fleet, 'east', 'stranger')).toThrow(
    'Node stranger of east is not one of the fleet',
  );
});
