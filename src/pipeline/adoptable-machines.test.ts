import type { ContainerInspectInfo } from 'dockerode';
import { expect, onTestFinished, test } from 'vitest';
import type { LocalClusterArgs } from '../../programs/local-cluster.ts';
import { openEngine } from '../docker/engine.ts';
import { answer, manager, startEngine } from '../docker/scripted-engine.ts';
import { openSwarm } from '../docker/swarm.ts';
import { findAdoptableMachines } from './adoptable-machines.ts';

const name = 'shop-office-manager-1';
const args: LocalClusterArgs = {
  fleet: 'shop',
  state: 'a1',
  name: 'office',
  image: 'node:26',
  network: { name: 'shop-office', subnet: '198.18.7.0/24' },
  nodes: [{ name, role: 'manager', address: '198.18.7.10', availability: 'active', labels: {} }],
  overlays: { addressPool: ['10.100.0.0/16'], subnetSize: 24 },
  autolock: false,
};

function container(change: object = {}) {
  return {
    Id: 'c1',
    Config: { Hostname: name },
    HostConfig: { Privileged: true },
    Mounts: [{ Destination: '/var/lib/docker', Name: name }],
    NetworkSettings: { Networks: { 'shop-office': { IPAMConfig: { IPv4Address: '198.18.7.10' } } } },
    ...change,
  } as unknown as ContainerInspectInfo;
}

async function find(change: { container?: object; swarm?: object; nodes?: string[] } = {}) {
  const swarmInspect = {
    ID: 'swarm-1',
    DefaultAddrPool: ['10.0.0.0/8'],
    SubnetSize: 24,
    Spec: {},
    ...change.swarm,
  };
  const nodes = (change.nodes ?? [name]).map((Hostname) => ({
    ID: `id of ${Hostname}`,
    Description: { Hostname },
  }));
  const engine = await startEngine({
    ...manager,
    '/swarm': () => answer(swarmInspect),
    '/nodes': () => answer(nodes),
    [`/containers/${name}/json`]: () => answer(container(change.container)),
    '/networks/shop-office': () => answer({ Id: 'n1' }),
  });
  const [outer, swarm] = [openEngine(engine.endpoint), openSwarm([engine.endpoint])];
  onTestFinished(() => {
    outer.close();
    swarm.close();
  });
  return findAdoptableMachines(args, outer, swarm);
}

test('machines, their swarm and its nodes are found, and the ranges of its networks', async () => {
  const { resources, left, overlays } = await find({ nodes: [name, 'laptop'] });
  expect(resources.map(({ type, name, id }) => `${type.split(':').at(-1)} ${name} ${id}`)).toEqual([
    'MachineNetwork shop-office n1',
    `Volume ${name} ${name}`,
    `Container ${name} c1`,
    'Swarm office swarm-1',
    `Node ${name} id of ${name}`,
  ]);
  expect(left).toEqual([
    { type: 'Node', name: 'laptop', reason: 'the fleet file asks for no node of this name' },
  ]);
  expect(overlays).toEqual({ addressPool: ['10.0.0.0/8'], subnetSize: 24 });
});

test('they go with what they run on', async () => {
  const { resources } = await find();
  const withWhat = resources.flatMap(({ name, deletedWith }) =>
    deletedWith ? [`${name} with ${deletedWith.type.split(':').at(-1)} ${deletedWith.name}`] : [],
  );
  expect(withWhat).toEqual([`office with Container ${name}`, `${name} with Swarm office`]);
});

test.each<[string, Parameters<typeof find>[0], string]>([
  ['host name', { container: { Config: { Hostname: 'c0ffee' } } }, 'has the host name c0ffee'],
  ['privileges', { container: { HostConfig: { Privileged: false } } }, 'is not privileged'],
  [
    'address',
    { container: { NetworkSettings: { Networks: {} } } },
    'has the fixed address (none) in shop-office',
  ],
  ['volume', { container: { Mounts: [] } }, 'has the volume (none) at /var/lib/docker'],
])('a wrong %s is told', async (_, change, reason) => {
  await expect(find(change)).rejects.toMatchObject({
    code: 'conflict',
    details: [expect.stringContaining(reason)],
  });
});
