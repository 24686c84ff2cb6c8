import { expect, test } from 'vitest';
import { localClusterArgs, machinesOf, managersOf, networkName } from './machines.ts';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';

const fleet = sampleFleet();
const resources = {
  state: 'f00d',
  image: 'node:26',
  subnet: '198.18.7.0/24',
  overlays: { addressPool: ['10.100.0.0/16'], subnetSize: 24 },
};

function nodesOf(change: Parameters<typeof sampleCluster>[1]) {
  const cluster = sampleCluster('eu-west-1', change);
  return localClusterArgs(fleet, cluster, machinesOf(fleet, cluster), resources).nodes;
}

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

test('addresses are in the subnet, apart by role', () => {
  expect(nodesOf({ managers: 3, workers: 2 }).map(({ address }) => address)).toEqual([
    '198.18.7.10',
    '198.18.7.11',
    '198.18.7.12',
    '198.18.7.100',
    '198.18.7.101',
  ]);
});

test('one more machine moves no other', () => {
  const before = nodesOf({ managers: 3, workers: 2 });
  const after = nodesOf({ managers: 5, workers: 3 });
  expect(after).toEqual(expect.arrayContaining(before));
});

test('managers are drained where that is asked for and there are workers', () => {
  const availability = (change: Parameters<typeof sampleCluster>[1]) =>
    nodesOf({ managers: 1, ...change }).map((node) => node.availability);
  expect(availability({ workers: 1, drainManagers: true })).toEqual(['drain', 'active']);
  expect(availability({ workers: 1 })).toEqual(['active', 'active']);
  expect(availability({ workers: 0, drainManagers: true })).toEqual(['active']);
});

test('nodes are labelled with their region and what the fleet file says', () => {
  const [node] = nodesOf({ region: 'eu-west-1', labels: { disk: 'ssd' } });
  expect(node?.labels).toEqual({ 'swarmctl.region': 'eu-west-1', disk: 'ssd' });
});
