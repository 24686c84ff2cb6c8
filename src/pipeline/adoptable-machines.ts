import type { ContainerInspectInfo } from 'dockerode';
import type { LocalClusterArgs, LocalNode } from '../../programs/local-cluster.ts';
import type { Engine } from '../docker/engine.ts';
import { unlessGone } from '../docker/failure.ts';
import type { Swarm } from '../docker/swarm.ts';
import type { ExistingResource, KnownResource } from '../engine/adoption.ts';
import { SwarmctlError } from '../errors.ts';
import type { AdoptionReport } from '../report/report.ts';

/** The machines of a cluster that are there without being in the state, with their swarm. */
export interface AdoptableMachines {
  resources: ExistingResource[];
  left: AdoptionReport['left'];
  /** The ranges of the swarm's overlay networks. */
  overlays: LocalClusterArgs['overlays'];
}

const volumeType = 'docker:index/volume:Volume';
export const containerType = 'docker:index/container:Container';

/** What the engine says of a swarm, as far as it is used here. */
interface LiveSwarm {
  ID: string;
  DefaultAddrPool: string[];
  SubnetSize: number;
}

/**
 * Finds the machines of a cluster and their swarm by the names that swarmctl gives them.
 * @param args what swarmctl would make.
 * @throws SwarmctlError `conflict` that says what is not as swarmctl would have made it and cannot be changed.
 */
export async function findAdoptableMachines(
  args: LocalClusterArgs,
  outer: Engine,
  swarm: Swarm,
): Promise<AdoptableMachines> {
  const machines = await findMachines(args, outer);
  const live = (await swarm.ask('reading the swarm', (api) => api.swarmInspect())) as unknown as LiveSwarm;
  const networkId = await findNetwork(args, outer);
  const refusals = [
    ...machines.flatMap(({ node, container }) => mismatches(node, args.network.name, container)),
    ...(networkId === undefined ? [`there is no network ${args.network.name}`] : []),
  ];
  if (refusals.length > 0 || networkId === undefined) throw unfit(args.name, refusals);

  const { nodes, left } = await findNodes(args, swarm);
  return {
    resources: related(args, networkId, machines, live.ID, nodes),
    left,
    overlays: { addressPool: live.DefaultAddrPool, subnetSize: live.SubnetSize },
  };
}

/** Which of them needs which, and goes with which, is said as the program says it: until the next `up` rests on it. */
function related(
  { name, network }: LocalClusterArgs,
  networkId: string,
  machines: FoundMachine[],
  swarmId: string,
  nodes: KnownResource[],
): ExistingResource[] {
  const machineNetwork = { type: 'swarm:index:MachineNetwork', name: network.name, id: networkId };
  const volumes = machines.map(({ node }) => ({ type: volumeType, name: node.name, id: node.name }));
  const containers = machines.map(({ node, container }, index) => ({
    ...{ type: containerType, name: node.name, id: container.Id },
    dependsOn: [machineNetwork, ...volumes.slice(index, index + 1)],
  }));
  const [first] = containers;
  const swarm = {
    ...{ type: 'swarm:index:Swarm', name, id: swarmId },
    ...(first ? { dependsOn: [first], deletedWith: first } : {}),
  };
  const members = nodes.map((node) => ({
    ...node,
    dependsOn: [swarm, ...containers.filter((container) => container.name === node.name)],
    deletedWith: swarm,
  }));
  return [machineNetwork, ...volumes, ...containers, swarm, ...members];
}

interface FoundMachine {
  node: LocalNode;
  container: ContainerInspectInfo;
}

/** A machine that the fleet file asks for and that is not there is made by the next `up`. */
async function findMachines(args: LocalClusterArgs, outer: Engine): Promise<FoundMachine[]> {
  const found = await Promise.all(
    args.nodes.map(async (node) => {
      const read = outer.ask(`reading ${node.name}`, (api) => api.getContainer(node.name).inspect());
      const container = await unlessGone(read);
      return container && { node, container };
    }),
  );
  return found.filter((machine) => machine !== undefined);
}

async function findNetwork({ network }: LocalClusterArgs, outer: Engine): Promise<string | undefined> {
  const read = outer.ask(`reading network ${network.name}`, (api) => api.getNetwork(network.name).inspect());
  return (await unlessGone(read))?.Id;
}

/** What of a container cannot be changed and is not as it has to be. */
export function mismatches(
  { name, address }: LocalNode,
  network: string,
  { Config, HostConfig, Mounts, NetworkSettings }: ContainerInspectInfo,
): string[] {
  const at = NetworkSettings.Networks[network]?.IPAMConfig?.IPv4Address;
  const data = Mounts.find(({ Destination }) => Destination === '/var/lib/docker')?.Name;
  return [
    ...(Config.Hostname === name ? [] : [`${name} has the host name ${Config.Hostname}, not its own name`]),
    ...(HostConfig.Privileged ? [] : [`${name} is not privileged`]),
    ...(at === address
      ? []
      : [`${name} has the fixed address ${at ?? '(none)'} in ${network}, not ${address}`]),
    ...(data === name ? [] : [`${name} has the volume ${data ?? '(none)'} at /var/lib/docker, not ${name}`]),
  ];
}

function unfit(cluster: string, details: string[]): SwarmctlError {
  return new SwarmctlError('conflict', `The machines of ${cluster} are not as swarmctl makes them.`, {
    details,
    hint: 'What a container has from its start cannot be changed: form a new cluster, and deploy the apps there.',
  });
}

interface LiveNode {
  ID: string;
  Description: { Hostname: string };
}

async function findNodes(
  { nodes: wanted }: LocalClusterArgs,
  swarm: Swarm,
): Promise<{ nodes: KnownResource[]; left: AdoptionReport['left'] }> {
  const live = (await swarm.ask('listing the nodes', (api) => api.listNodes())) as LiveNode[];
  const nodes = live.map(({ ID, Description }) => ({
    type: 'swarm:index:Node',
    name: Description.Hostname,
    id: ID,
  }));
  const isWanted = (name: string) => wanted.some((node) => node.name === name);
  const reason = 'the fleet file asks for no node of this name';
  return {
    nodes: nodes.filter(({ name }) => isWanted(name)),
    left: nodes.filter(({ name }) => !isWanted(name)).map(({ name }) => ({ type: 'Node', name, reason })),
  };
}
