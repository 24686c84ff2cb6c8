import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../src/docker/engine.ts';
import { openImageShelf } from '../src/docker/image-shelf.ts';
import { answer, manager, startEngine } from '../src/docker/scripted-engine.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import { createProvider } from './provider.ts';
import { sampleContext } from './sample-context.ts';
import { unwrapSecrets, wrapSecret } from './secrets.ts';
import { type SwarmInputs, swarm } from './swarm.ts';

const inputs: SwarmInputs = {
  endpoint: 'exec://shop-eu-manager-1',
  advertiseAddress: '198.18.0.10',
  labels: { 'swarmctl.fleet': 'shop' },
  addressPool: ['10.100.0.0/16'],
  subnetSize: 24,
  taskHistoryLimit: 5,
  heartbeatSeconds: 5,
  certificateDays: 90,
  autolock: false,
};
const state = { ...inputs, swarmId: 'k2j3' };

test('a swarm that is as asked has no difference', () => {
  expect(swarm.difference(state, inputs)).toEqual({ changes: [], replaces: [] });
});

test('through which manager it was made does not matter afterwards', () => {
  const elsewhere = { endpoint: 'exec://shop-eu-manager-2', advertiseAddress: '198.18.0.11' };
  expect(swarm.difference(state, { ...inputs, ...elsewhere })).toEqual({ changes: [], replaces: [] });
});

test.each<[keyof SwarmInputs, Partial<SwarmInputs>]>([
  ['taskHistoryLimit', { taskHistoryLimit: 10 }],
  ['heartbeatSeconds', { heartbeatSeconds: 10 }],
  ['certificateDays', { certificateDays: 30 }],
  ['autolock', { autolock: true }],
])('%s is changed in place', (field, change) => {
  expect(swarm.difference(state, { ...inputs, ...change })).toEqual({ changes: [field], replaces: [] });
});

test('another address pool needs another swarm', () => {
  const change = { addressPool: ['10.101.0.0/16'], subnetSize: 25 };
  expect(swarm.difference(state, { ...inputs, ...change })).toEqual({
    changes: ['addressPool[0]', 'subnetSize'],
    replaces: ['addressPool[0]', 'subnetSize'],
  });
});

/** A swarm with autolock, whose managers have this key. */
async function startLocking(key: string, autolock = true) {
  const Spec = { Labels: inputs.labels, EncryptionConfig: { AutoLockManagers: autolock } };
  const live = {
    ID: 'k2j3',
    Version: { Index: 7 },
    Spec,
    DefaultAddrPool: inputs.addressPool,
    SubnetSize: 24,
  };
  return startEngine({
    ...manager,
    '/swarm': () => answer(live),
    '/swarm/unlockkey': () => answer({ UnlockKey: autolock ? key : '' }),
    '/swarm/update': () => answer({}),
  });
}

async function contextOf(key: string, autolock?: boolean) {
  const swarmOfEngine = openSwarm([(await startLocking(key, autolock)).endpoint]);
  onTestFinished(() => swarmOfEngine.close());
  return sampleContext(swarmOfEngine);
}

const locking = { ...state, autolock: true, unlockKeys: ['k2', 'k1'], unlockKeyId: 'id of k2' };

test('switched on in place, the swarm brings its key into the state', async () => {
  const next = { ...inputs, autolock: true };
  const updated = await swarm.update(await contextOf('k1'), 'k2j3', state, next);
  expect(updated).toEqual({ ...next, swarmId: 'k2j3', unlockKeys: ['k1'], unlockKeyId: expect.any(String) });
  expect(swarm.difference(updated, next).changes).toEqual([]);
});

test('a key that was changed comes first, and those before it stay; by its hash it is seen', async () => {
  const found = await swarm.read(await contextOf('k3'), 'k2j3', locking);
  expect(found?.state.unlockKeys).toEqual(['k3', 'k2', 'k1']);
  expect(found?.inputs.autolock).toBe(true);
  const again = await swarm.read(await contextOf('k3'), 'k2j3', { ...locking, ...found?.state });
  expect(again?.state).toEqual(found?.state);
  expect(found?.state.unlockKeyId).not.toContain('k3');
});

test('no more than five keys are kept', async () => {
  const known = { ...locking, unlockKeys: ['k5', 'k4', 'k3', 'k2', 'k1'] };
  const found = await swarm.read(await contextOf('k6'), 'k2j3', known);
  expect(found?.state.unlockKeys).toEqual(['k6', 'k5', 'k4', 'k3', 'k2']);
});

test('switched off, it keeps the keys: a manager that is down is still locked with one', async () => {
  const found = await swarm.read(await contextOf('', false), 'k2j3', locking);
  expect(found?.inputs.autolock).toBe(false);
  expect(found?.state.unlockKeys).toEqual(['k2', 'k1']);
});

test('a swarm that never had autolock has no keys, not even none', async () => {
  const found = await swarm.read(await contextOf('', false), 'k2j3', state);
  expect(found?.state).not.toHaveProperty('unlockKeys');
});

test('the keys leave the provider as secrets alone', async () => {
  const { endpoint } = await startLocking('k3');
  const images = openEngine(endpoint);
  const provider = createProvider({
    swarm: openSwarm([endpoint]),
    images: { engine: images, shelf: openImageShelf(images) },
    listener: { progress: () => {}, failure: () => {} },
  });
  onTestFinished(() => {
    provider.close();
    images.close();
  });
  const urn = 'urn:pulumi:one::shop::swarmctl:local:Cluster$swarm:index:Swarm::one';
  const keys = wrapSecret(['k3', 'k2', 'k1']);
  const held = { ...locking, unlockKeys: wrapSecret(locking.unlockKeys) };
  expect((await provider.read(urn, 'k2j3', held))?.state.unlockKeys).toEqual(keys);
  const updated = await provider.update(urn, 'k2j3', { ...state }, { ...inputs, autolock: true });
  expect(updated.unlockKeys).toEqual(wrapSecret(['k3']));
  expect(unwrapSecrets(updated)).toMatchObject({ unlockKeys: ['k3'], autolock: true });
});
