import { expect, test } from 'vitest';
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
