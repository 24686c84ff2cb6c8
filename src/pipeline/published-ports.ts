import { loadServices } from '../compose/load.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';

/** The TCP ports that the services of a cluster publish, each once, in ascending order. */
export async function publishedPorts(fleet: Fleet, cluster: Cluster, signal: AbortSignal): Promise<number[]> {
  const { name, region, env, overrides } = cluster;
  const files = [...fleet.apps, ...overrides];
  if (files.length === 0) return [];
  const { model } = await loadServices(files, { env, cluster: name, region, signal });
  const ports = Object.values(model.services ?? {})
    .flatMap((service) => service.ports ?? [])
    .filter(({ protocol = 'tcp' }) => protocol === 'tcp')
    .flatMap(({ published }) => (published ? [Number(published)] : []));
  return [...new Set(ports)].toSorted((one, other) => one - other);
}
