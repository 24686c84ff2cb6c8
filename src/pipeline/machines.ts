import { join } from 'node:path';
import { loginUser } from '../aws/ssh-files.ts';
import { localNodeEndpoint, sshEndpoint } from '../docker/endpoint.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { stateFolder } from './fleet-state.ts';

/** What of a cluster's machines is known before anything is asked. */
export interface Machine {
  name: string;
  role: 'manager' | 'worker';
  /** Of its engine. */
  endpoint: string;
}

/** The machines of a cluster, managers first. */
export function machinesOf(fleet: Fleet, cluster: Cluster): Machine[] {
  if (cluster.hosts) return cluster.hosts.map(({ name, role, endpoint }) => ({ name, role, endpoint }));
  const made = (role: Machine['role'], index: number): Machine => {
    const name = `${fleet.name}-${cluster.name}-${role}-${index + 1}`;
    return {
      name,
      role,
      endpoint: cluster.aws ? instanceEndpoint(fleet, cluster, name) : localNodeEndpoint(name),
    };
  };
  return [
    ...Array.from({ length: cluster.managers }, (_, index) => made('manager', index)),
    ...Array.from({ length: cluster.workers }, (_, index) => made('worker', index)),
  ];
}

/** By a name that only swarmctl's own ssh configuration knows: the machine's address is known when it is there. */
function instanceEndpoint(fleet: Fleet, cluster: Cluster, name: string): string {
  return sshEndpoint({ user: loginUser, host: name, config: sshFiles(fleet, cluster).config });
}

/** Absolute paths of the ssh configuration and the host keys of a cluster's instances. */
export function sshFiles(fleet: Fleet, cluster: Cluster): { config: string; knownHosts: string } {
  const path = join(stateFolder(fleet), 'ssh', cluster.name);
  return { config: `${path}.config`, knownHosts: `${path}.known_hosts` };
}

export function managersOf(fleet: Fleet, cluster: Cluster): string[] {
  return machinesOf(fleet, cluster)
    .filter(({ role }) => role === 'manager')
    .map(({ endpoint }) => endpoint);
}

/** Whether a node runs no tasks since there are workers for them. */
export function isDrained(cluster: Cluster, { role }: Pick<Machine, 'role'>): boolean {
  return role === 'manager' && cluster.drainManagers && cluster.workers > 0;
}
