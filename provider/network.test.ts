import { expect, test } from 'vitest';
import type { NetworkSpec } from '../src/docker/engine-spec.ts';
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
