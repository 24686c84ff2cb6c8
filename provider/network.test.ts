import { expect, onTestFinished, test } from 'vitest';
import type { NetworkSpec } from '../src/docker/engine-spec.ts';
import { answer, manager, startEngine } from '../src/docker/scripted-engine.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import { network } from './network.ts';

const spec: NetworkSpec = { Name: 'shop_backend', Driver: 'overlay', Labels: {} };

function difference(before: Partial<NetworkSpec>, after: Partial<NetworkSpec>) {
  return network.difference({ spec: { ...spec, ...before } }, { spec: { ...spec, ...after } });
}

test('what is off when nothing is said of it makes no difference', () => {
  const off = { Attachable: false, Internal: false, EnableIPv6: false, Options: {} };
  expect(difference(off, {})).toEqual({ changes: [], replaces: [] });
});

test('neither does the address driver that everyone has', () => {
  const Config = [{ Subnet: '10.20.0.0/24' }];
  expect(difference({ IPAM: { Driver: 'default', Config } }, { IPAM: { Config } }).changes).toEqual([]);
});

test.each<[string, Partial<NetworkSpec>, string[]]>([
  ['name', { Name: 'shop_front' }, ['spec.Name']],
  ['driver', { Driver: 'bridge' }, ['spec.Driver']],
  ['attachable', { Attachable: true }, ['spec.Attachable']],
  ['option', { Options: { encrypted: '' } }, ['spec.Options.encrypted']],
  ['label', { Labels: { team: 'shop' } }, ['spec.Labels.team']],
  ['address range', { IPAM: { Config: [{ Subnet: '10.20.0.0/24' }] } }, ['spec.IPAM']],
])('another %s needs another network: the engine changes none', (_, change, paths) => {
  expect(difference({}, change)).toEqual({ changes: paths, replaces: paths });
});

test('what the swarm chooses by itself is no change: gateways, ranges that nobody asked for, its own numbers', async () => {
  const live = {
    ...spec,
    Id: 'net-1',
    Labels: null,
    Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4098' },
    IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '10.20.0.0/24', Gateway: '10.20.0.1' }] },
  };
  const engine = await startEngine({ ...manager, '/networks/net-1': () => answer(live) });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const context = { swarm } as Parameters<typeof network.read>[0];

  for (const IPAM of [undefined, { Driver: 'default' }, { Config: [{ Subnet: '10.20.0.0/24' }] }]) {
    const asked = { spec: { ...spec, ...(IPAM && { IPAM }) } };
    const found = await network.read(context, 'net-1', asked);
    expect(found && network.difference(found.state, asked).changes).toEqual([]);
  }
});
