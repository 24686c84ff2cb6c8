import { expect, test } from 'vitest';
import { machinesOf, managersOf } from './machines.ts';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';
import { networkName } from './subnets.ts';

const fleet = sampleFleet();

test('machines carry the names of fleet and cluster, managers first', () => {
  const cluster = sampleCluster('eu-west-1', { managers: 1, workers: 2 });
  expect(machinesOf(fleet, cluster).map(({ name, role }) => [name, role])).toEqual([
    ['shop-eu-west-1-manager-1', 'manager'],
    ['shop-eu-west-1-worker-1', 'worker'],
    ['shop-eu-west-1-worker-2', 'worker'],
  ]);
  expect(managersOf(fleet, cluster)).toEqual(['exec://shop-eu-west-1-manager-1']);
  expect(networkName(fleet, cluster)).toBe('shop-eu-west-1');
});

test('machines that are there have the names and endpoints that they are given', () => {
  const host = { address: 'n1', labels: {}, name: 'one', role: 'manager', endpoint: 'ssh://n1' } as const;
  const cluster = sampleCluster('eu-west-1', { managers: 1, hosts: [host] });
  expect(machinesOf(fleet, cluster)).toEqual([{ name: 'one', role: 'manager', endpoint: 'ssh://n1' }]);
});
