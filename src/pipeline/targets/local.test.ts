import { expect, test } from 'vitest';
import { machinesOf } from '../machines.ts';
import { sampleCluster, sampleFleet } from '../sample-fleet.ts';
import { localClusterArgs } from './local.ts';

const fleet = sampleFleet();

function nodesOf(change: Parameters<typeof sampleCluster>[1]) {
  const cluster = sampleCluster('eu-west-1', change);
  const settings = { key: 'f00d', slots: {}, adopted: {}, scales: {} };
  const toolchain = { nodeImage: 'node:26' };
  const run = { fleet, settings, subnets: new Map([['eu-west-1', '198.18.7.0/24']]), toolchain };
  return localClusterArgs({ run, cluster, machines: machinesOf(fleet, cluster) }).nodes;
}

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
