import { localNodeEndpoint } from '../docker/endpoint.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';

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
  const local = (role: Machine['role'], index: number): Machine => {
    const name = `${fleet.name}-${cluster.name}-${role}-${index + 1}`;
    return { name, role, endpoint: localNodeEndpoint(name) };
  };
  return [
    ...Array.from({ length: cluster.managers }, (_, index) => local('manager', index)),
    ...Array.from({ length: cluster.workers }, (_, index) => local('worker', index)),
  ];
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
