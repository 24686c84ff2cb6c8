import { expect, test } from 'vitest';
import { storedResource } from './stored-resource.ts';

const signature = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };
const urn = 'urn:pulumi:one::shop::swarmctl:local:Cluster$swarm:index:Swarm::one';
const outputs = { autolock: true, unlockKeys: { ...signature, plaintext: '["new","old"]' } };
const node = { urn: `${urn}`.replaceAll('Swarm', 'Node'), type: 'swarm:index:Node', outputs: {} };
const state = { version: 3, deployment: { resources: [node, { urn, type: 'swarm:index:Swarm', outputs }] } };

test('a resource is found by its type and name, its secrets in plain text', () => {
  expect(storedResource(state, { type: 'swarm:index:Swarm', name: 'one' })).toEqual({
    urn,
    outputs: { autolock: true, unlockKeys: ['new', 'old'] },
  });
});

test('what the state has not is undefined', () => {
  expect(storedResource(state, { type: 'swarm:index:Swarm', name: 'two' })).toBeUndefined();
  expect(storedResource({ version: 3, deployment: {} }, { type: 'a', name: 'b' })).toBeUndefined();
});
