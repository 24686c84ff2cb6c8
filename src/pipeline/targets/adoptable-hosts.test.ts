import { expect, onTestFinished, test } from 'vitest';
import { answer, manager, startEngine } from '../../docker/scripted-engine.ts';
import { openSwarm } from '../../docker/swarm.ts';
import type { ClusterContext } from '../cluster.ts';
import { sampleCluster } from '../sample-fleet.ts';
import { findAdoptableHosts } from './adoptable-hosts.ts';

/** A swarm made by hand, of the machine n1 and of one that the fleet file does not name. */
async function contextOf(nodeId: string) {
  const engine = await startEngine({
    ...manager,
    '/info': () => answer({ Swarm: { NodeID: nodeId, LocalNodeState: 'active', ControlAvailable: true } }),
    '/swarm': () => answer({ ID: 's1', DefaultAddrPool: ['10.0.0.0/8'], SubnetSize: 24, Spec: {} }),
    '/nodes': () =>
      answer(['id1', 'id2'].map((ID) => ({ ID, Spec: {}, Description: { Hostname: `host-${ID}` } }))),
  });
  const swarm = openSwarm([engine.endpoint]);
  onTestFinished(() => swarm.close());
  const machines = [{ name: 'n1', role: 'manager', endpoint: engine.endpoint } as const];
  return {
    endpoint: engine.endpoint,
    context: { cluster: sampleCluster('eu'), machines, swarm } as unknown as ClusterContext,
  };
}

test('machines come in with their engines, by the ids of their nodes', async () => {
  const { context, endpoint } = await contextOf('id1');
  const { resources, left, overlays } = await findAdoptableHosts(context);
  expect(resources.map(({ type, name, id }) => [type, name, id])).toEqual([
    ['swarm:index:Engine', 'n1', endpoint],
    ['swarm:index:Swarm', 'eu', 's1'],
    ['swarm:index:Node', 'n1', 'id1'],
  ]);
  expect(left).toEqual([
    { type: 'Node', name: 'host-id2', reason: 'the fleet file names no machine that is this node' },
  ]);
  expect(overlays).toEqual({ addressPool: ['10.0.0.0/8'], subnetSize: 24 });
});

test('a machine of another swarm is refused', async () => {
  const { context } = await contextOf('elsewhere');
  await expect(findAdoptableHosts(context)).rejects.toMatchObject({
    code: 'conflict',
    details: ['n1 is not in this swarm'],
  });
});
