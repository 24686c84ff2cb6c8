import { expect, test } from 'vitest';
import type { Host } from '../../fleet/model.ts';
import { sampleCluster, sampleFleet } from '../sample-fleet.ts';
import { hostClusterArgs, hosts } from './hosts.ts';

const manager: Host = { name: 'n1', role: 'manager', address: 'n1', endpoint: 'ssh://n1', labels: {} };
const worker: Host = {
  ...{ name: 'n2', role: 'worker', address: '192.0.2.2', endpoint: 'context://far' },
  ...{ zone: 'b', labels: { disk: 'hdd' }, advertise: 'eth1', dataPath: 'eth2' },
};

test('machines carry their names, zones and labels into the swarm; the file says their addresses', () => {
  const settings = { key: 'f00d', slots: {}, adopted: {}, scales: {} };
  const labels = { disk: 'ssd', rack: '7' };
  const cluster = sampleCluster('eu', {
    ...{ managers: 1, workers: 1, drainManagers: true, labels, hosts: [manager, worker] },
    daemon: { 'metrics-addr': '127.0.0.1:9323', 'log-driver': 'local' },
  });
  const args = hostClusterArgs({ run: { fleet: sampleFleet(), settings }, cluster });
  expect(args.engine).toEqual({ version: '26', daemon: cluster.daemon, removeEngine: false });
  expect(args.nodes).toEqual([
    {
      ...{ name: 'n1', role: 'manager', endpoint: 'ssh://n1', hasShell: true },
      ...{ advertiseAddress: '', availability: 'drain' },
      labels: { 'swarmctl.region': 'eu', 'swarmctl.node': 'n1', ...labels },
    },
    {
      ...{ name: 'n2', role: 'worker', endpoint: 'context://far', hasShell: false },
      ...{ advertiseAddress: 'eth1', dataPathAddress: 'eth2', availability: 'active' },
      labels: {
        'swarmctl.region': 'eu',
        'swarmctl.zone': 'b',
        'swarmctl.node': 'n2',
        disk: 'hdd',
        rack: '7',
      },
    },
  ]);
});

test('its latency is a real one', () => {
  expect(hosts.simulation).toBe(false);
});
