import { expect, onTestFinished, test } from 'vitest';
import { answer, manager, startEngine } from '../docker/scripted-engine.ts';
import { openSwarm } from '../docker/swarm.ts';
import { noChanges, type StackChanges } from '../engine/changes.ts';
import type { ResourceStep } from '../report/report.ts';
import { checkNetworks } from './changed-networks.ts';

function changes(...steps: ResourceStep[]): StackChanges {
  return { ...noChanges(), steps };
}

const replaced: ResourceStep = {
  op: 'replace',
  type: 'Network',
  name: 'shop_back',
  fields: ['spec.Attachable'],
};

/** A swarm with the networks `shop_back` and `shop_backend`, of which services use those with these ids. */
async function swarmWhereUsed(...targets: string[]) {
  const services = targets.map((Target, index) => ({
    Spec: { Name: `shop_${index}`, TaskTemplate: { Networks: [{ Target }] } },
  }));
  const networks = [
    { Name: 'shop_back', Id: 'one' },
    { Name: 'shop_backend', Id: 'other' },
  ];
  const engine = await startEngine({
    ...manager,
    '/networks': () => answer(networks),
    '/services': () => answer(services),
  });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  return { swarm, engine };
}

test('a changed network that services use is refused, with who they are and the way around', async () => {
  const { swarm } = await swarmWhereUsed('one', 'other', 'one');
  await expect(checkNetworks(swarm, changes(replaced))).rejects.toMatchObject({
    code: 'network-refused',
    message: 'Services use shop_back, and no engine changes a network in place.',
    details: ['shop_back: spec.Attachable would change; used by shop_0, shop_2'],
    hint: expect.stringContaining('another key'),
  });
});

test('one that nobody uses may be replaced', async () => {
  const { swarm } = await swarmWhereUsed('other');
  await expect(checkNetworks(swarm, changes(replaced))).resolves.toBeUndefined();
});

test('without a replaced network the swarm is not asked', async () => {
  const { swarm, engine } = await swarmWhereUsed('one');
  await checkNetworks(swarm, changes({ ...replaced, op: 'create' }, { ...replaced, type: 'Service' }));
  expect(engine.requests).toEqual([]);
});
