import { expect, test } from 'vitest';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';
import { chooseSubnets, type NetworkRanges } from './subnets.ts';

const fleet = sampleFleet();

function network(Name: string, ...subnets: string[]): NetworkRanges {
  return { Name, IPAM: { Driver: 'default', Config: subnets.map((Subnet) => ({ Subnet })) } };
}

function choose(clusters: string[], ...networks: NetworkRanges[]): string[] {
  const chosen = chooseSubnets(
    fleet,
    clusters.map((name) => sampleCluster(name)),
    networks,
  );
  return clusters.map((name) => chosen.get(name) ?? '');
}

test('each cluster has a range of its own', () => {
  expect(choose(['us', 'eu'], network('bridge', '172.17.0.0/16'))).toEqual([
    '198.19.144.0/24',
    '198.19.145.0/24',
  ]);
});

test('two fleets that are made at the same moment do not choose the same', () => {
  const other = chooseSubnets({ ...fleet, name: 'office' }, [sampleCluster('us')], []);
  expect([...other.values()]).not.toEqual(choose(['us']));
});

test('a cluster that exists keeps the range of its network', () => {
  expect(choose(['us', 'eu'], network('shop-eu', '198.19.144.0/24'))).toEqual([
    '198.19.145.0/24',
    '198.19.144.0/24',
  ]);
});

test.each([
  ['the same range', '198.19.144.0/24', '198.19.145.0/24'],
  ['a part of it', '198.19.144.128/25', '198.19.145.0/24'],
  ['a wider one', '198.19.144.0/22', '198.19.148.0/24'],
  ['half of all that there is', '198.19.0.0/16', '198.18.0.0/24'],
  ['a range elsewhere', '10.0.0.0/8', '198.19.144.0/24'],
  ['an IPv6 range', 'c613::/16', '198.19.144.0/24'],
])('where another network has %s', (_, taken, chosen) => {
  expect(choose(['eu'], network('other-fleet', taken))).toEqual([chosen]);
});

test('networks without an address range take none', () => {
  expect(choose(['eu'], { Name: 'host' }, { Name: 'none', IPAM: { Driver: 'default' } })).toEqual([
    '198.19.144.0/24',
  ]);
});

test('when all ranges are taken, that is said', () => {
  expect(() => choose(['eu'], network('everything', '198.18.0.0/15'))).toThrow(
    expect.objectContaining({ code: 'config', message: expect.stringContaining('in use') }),
  );
});
