import type { LocalClusterArgs, LocalNode } from '../../programs/local-cluster.ts';
import { localNodeEndpoint } from '../docker/endpoint.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';

/** What of a local cluster's machines follows from the fleet file alone. */
export interface Machine {
  name: string;
  role: 'manager' | 'worker';
  endpoint: string;
}

/** The machines of a cluster, managers first. */
export function machinesOf(fleet: Fleet, cluster: Cluster): Machine[] {
  const machine = (role: Machine['role'], index: number): Machine => {
    const name = `${fleet.name}-${cluster.name}-${role}-${index + 1}`;
    return { name, role, endpoint: localNodeEndpoint(name) };
  };
  return [
    ...Array.from({ length: cluster.managers }, (_, index) => machine('manager', index)),
    ...Array.from({ length: cluster.workers }, (_, index) => machine('worker', index)),
  ];
}

export function managersOf(fleet: Fleet, cluster: Cluster): string[] {
  return machinesOf(fleet, cluster)
    .filter(({ role }) => role === 'manager')
    .map(({ endpoint }) => endpoint);
}

export function networkName(fleet: Fleet, cluster: Cluster): string {
  return `${fleet.name}-${cluster.name}`;
}

/** What the program of a local cluster is given. */
export function localClusterArgs(
  fleet: Fleet,
  cluster: Cluster,
  machines: readonly Machine[],
  resources: { state: string; image: string; subnet: string; overlays: LocalClusterArgs['overlays'] },
): LocalClusterArgs {
  return {
    fleet: fleet.name,
    state: resources.state,
    name: cluster.name,
    image: resources.image,
    network: { name: networkName(fleet, cluster), subnet: resources.subnet },
    nodes: machines.map((machine) => localNode(cluster, machine, resources.subnet)),
    overlays: resources.overlays,
    ...(cluster.limits ? { limits: cluster.limits } : {}),
  };
}

function localNode(cluster: Cluster, machine: Machine, subnet: string): LocalNode {
  const drained = machine.role === 'manager' && cluster.drainManagers && cluster.workers > 0;
  return {
    name: machine.name,
    role: machine.role,
    address: address(subnet, machine),
    availability: drained ? 'drain' : 'active',
    labels: { 'swarmctl.region': cluster.region, ...cluster.labels },
  };
}

/** Managers and workers count from different addresses, so that adding one moves no other. */
const firstHost = { manager: 10, worker: 100 };

function address(subnet: string, { name, role }: Machine): string {
  const [network = ''] = subnet.split('/');
  const index = Number(name.split('-').at(-1)) - 1;
  return [...network.split('.').slice(0, 3), firstHost[role] + index].join('.');
}
