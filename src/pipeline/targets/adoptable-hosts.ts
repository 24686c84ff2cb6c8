import { openEngine } from '../../docker/engine.ts';
import { nodeName } from '../../docker/node-name.ts';
import { SwarmctlError } from '../../errors.ts';
import type { AdoptableMachines } from '../adoptable-machines.ts';
import type { ClusterContext } from '../cluster.ts';
import type { Machine } from '../machines.ts';

/** What the engine says of a swarm, as far as it is used here. */
interface LiveSwarm {
  ID: string;
  DefaultAddrPool: string[];
  SubnetSize: number;
  Spec: { EncryptionConfig?: { AutoLockManagers?: boolean } };
}

/**
 * Finds the machines of a cluster that the fleet file names in the swarm that they are in. They are only asked.
 * @throws SwarmctlError `conflict` when one of them is in no swarm or in another one, or the swarm has autolock.
 */
export async function findAdoptableHosts({
  cluster,
  machines,
  swarm,
}: ClusterContext): Promise<AdoptableMachines> {
  const [live, nodes, members] = await Promise.all([
    swarm.ask('reading the swarm', async (api) => (await api.swarmInspect()) as unknown as LiveSwarm),
    swarm.ask('listing the nodes', (api) => api.listNodes()),
    Promise.all(machines.map(findMember)),
  ]);
  const isInSwarm = (id: string) => nodes.some(({ ID }) => ID === id);
  const refusals = [
    ...members
      .filter(({ id }) => !isInSwarm(id))
      .map(({ machine: { name } }) => `${name} is not in this swarm`),
    ...(live.Spec.EncryptionConfig?.AutoLockManagers
      ? ['the swarm has autolock, which is not adopted yet']
      : []),
  ];
  if (refusals.length > 0) throw unfit(cluster.name, refusals);
  const left = nodes.filter(({ ID }) => members.every(({ id }) => id !== ID));
  const reason = 'the fleet file names no machine that is this node';
  return {
    resources: related(cluster.name, live.ID, members),
    left: left.map((node) => ({ type: 'Node', name: nodeName(node), reason })),
    overlays: { addressPool: live.DefaultAddrPool, subnetSize: live.SubnetSize },
  };
}

interface Member {
  machine: Machine;
  /** Of its node; empty where it is in no swarm. */
  id: string;
}

async function findMember(machine: Machine): Promise<Member> {
  const engine = openEngine(machine.endpoint);
  try {
    const { Swarm } = await engine.ask('asking for its node id', (api) => api.info());
    return { machine, id: Swarm?.NodeID ?? '' };
  } finally {
    engine.close();
  }
}

export const engineType = 'swarm:index:Engine';

/** Which of them needs which, and goes with which, as the program says it. The ports of members need no trial. */
function related(
  cluster: string,
  swarmId: string,
  members: readonly Member[],
): AdoptableMachines['resources'] {
  const isTried = members.filter(({ machine }) => machine.endpoint.startsWith('ssh://')).length > 1;
  const ports = isTried ? [{ type: 'swarm:index:PortCheck', name: cluster, id: 'ports' }] : [];
  const engines = members.map(({ machine: { name, endpoint } }) => ({
    ...{ type: engineType, name, id: endpoint },
    dependsOn: ports,
  }));
  const [first] = engines;
  const swarm = {
    ...{ type: 'swarm:index:Swarm', name: cluster, id: swarmId },
    ...(first && { dependsOn: [first], deletedWith: first }),
  };
  const nodes = members.map(({ machine: { name }, id }, index) => ({
    ...{ type: 'swarm:index:Node', name, id },
    dependsOn: [swarm, ...engines.slice(index, index + 1)],
    deletedWith: swarm,
  }));
  return [...ports, ...engines, swarm, ...nodes];
}

function unfit(cluster: string, details: string[]): SwarmctlError {
  return new SwarmctlError('conflict', `The machines of ${cluster} cannot be adopted as they are.`, {
    details,
    hint: 'Name under `nodes` the machines of one swarm; others join it by `swarmctl up` afterwards.',
  });
}
