import { expect, onTestFinished, test } from 'vitest';
import { contentKey } from '../compose/file-objects.ts';
import type { Stack } from '../compose/stack.ts';
import { answer, manager, startEngine } from '../docker/scripted-engine.ts';
import { openSwarm } from '../docker/swarm.ts';
import { keptNames } from './kept-names.ts';
import { sampleCluster } from './sample-fleet.ts';

const cluster = sampleCluster('eu-west-1');
const labels = { 'com.docker.stack.namespace': 'shop' };

function secretOf(content: string) {
  return { key: 'token', name: 'shop_token', external: false as const, data: Buffer.from(content), labels };
}

function stackOf(content: string): Stack {
  const secrets = [secretOf(content)];
  return { name: 'shop', networks: [], externalNetworks: [], configs: [], secrets, services: [], builds: [] };
}

const key = contentKey('secrets', secretOf('first'), 'fleet-key');
const settings = {
  key: 'fleet-key',
  slots: {},
  adopted: { 'eu-west-1': { contents: { [key]: 's1' } } },
  scales: {},
};

async function kept(content: string, live: object[], names = settings) {
  const engine = await startEngine({ ...manager, '/secrets': () => answer(live) });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const found = await keptNames(stackOf(content), swarm, cluster, names);
  return { found: Object.fromEntries(found), requests: engine.requests };
}

const live = { ID: 's1', Spec: { Name: 'shop_token', Labels: labels } };

test('a secret that was adopted keeps its name', async () => {
  expect((await kept('first', [live])).found).toEqual({ [key]: 'shop_token' });
});

test.each<[string, string, object[]]>([
  ['its content is another', 'second', [live]],
  ['it is gone, even if another has its name', 'first', [{ ...live, ID: 's2' }]],
])('but not when %s', async (_, content, secrets) => {
  expect((await kept(content, secrets)).found).toEqual({});
});

test('a cluster where nothing was adopted is not asked', async () => {
  expect(await kept('first', [live], { ...settings, adopted: {} as typeof settings.adopted })).toEqual({
    found: {},
    requests: [],
  });
});
