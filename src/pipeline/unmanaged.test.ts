import { expect, onTestFinished, test } from 'vitest';
import { answer, manager, startEngine } from '../docker/scripted-engine.ts';
import { openSwarm } from '../docker/swarm.ts';
import { noChanges } from '../engine/changes.ts';
import type { ResourceStep } from '../report/report.ts';
import { sampleCluster } from './sample-fleet.ts';
import { checkUnmanaged } from './unmanaged.ts';

async function check(op: ResourceStep['op'], name: string, begun: string[] = []) {
  const services = [{ ID: 'w1', Spec: { Name: 'shop_web' } }];
  const engine = await startEngine({ ...manager, '/services': () => answer(services) });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const changes = { ...noChanges(), steps: [{ op, type: 'Service', name, fields: [] }] };
  return checkUnmanaged({ swarm, cluster: sampleCluster('eu-west-1') }, changes, begun);
}

test('a service that somebody else deployed is not made over it', async () => {
  await expect(check('create', 'shop_web')).rejects.toMatchObject({
    code: 'conflict',
    details: ['Service shop_web'],
    hint: expect.stringContaining('swarmctl adopt'),
  });
});

test.each<[string, ResourceStep['op'], string, string[]]>([
  ['one that is not there', 'create', 'shop_api', []],
  ['one of the state', 'update', 'shop_web', []],
  ['one that a killed run began to make', 'create', 'shop_web', ['Service shop_web']],
])('%s is no matter', async (_, op, name, begun) => {
  await expect(check(op, name, begun)).resolves.toBeUndefined();
});
