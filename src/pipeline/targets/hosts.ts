import type { HostClusterArgs, HostNode } from '../../../programs/host-cluster.ts';
import { localState, openEngine } from '../../docker/engine.ts';
import { nodeNameLabel } from '../../docker/node-name.ts';
import { zoneLabel } from '../../docker/zones.ts';
import { SwarmctlError } from '../../errors.ts';
import type { Cluster, Host } from '../../fleet/model.ts';
import type { ClusterContext } from '../cluster.ts';
import { isDrained, type Machine } from '../machines.ts';
import { overlays } from '../settings.ts';
import { findAdoptableHosts } from './adoptable-hosts.ts';
import type { Target } from './target.ts';

/** The machines are there; what is on them is looked at by the resources that are made there. */
export const hosts: Target = {
  simulation: false,
  subnets: async () => new Map(),
  program: (context) => async () => {
    const { HostCluster } = await import('../../../programs/host-cluster.ts');
    new HostCluster(hostClusterArgs(context));
    return undefined;
  },
  refusal,
  // What a run that was cut off made is taken up by its create: it is on a machine that the fleet file names.
  removeOrphans: async () => {},
  findMachines: findAdoptableHosts,
};

/** Machines that are in a swarm already are somebody's, and all that the state knows of them is nothing. */
async function refusal({ cluster, machines }: ClusterContext): Promise<SwarmctlError | undefined> {
  const found = await Promise.all(
    machines.map(async (machine) => ({ machine, isMember: await isMember(machine) })),
  );
  const details = found.flatMap(({ machine: { name, endpoint }, isMember }) =>
    isMember ? [`${name} (${endpoint})`] : [],
  );
  if (details.length === 0) return undefined;
  const message = `Machines of ${cluster.name} are in a swarm already, and the state does not know it.`;
  return new SwarmctlError('swarm-exists', message, {
    details,
    hint: 'Run swarmctl where the swarm was made from, take it over with `swarmctl adopt`, or take the machines out of it with `docker swarm leave`.',
  });
}

async function isMember({ endpoint }: Machine): Promise<boolean> {
  const engine = openEngine(endpoint);
  try {
    return (await localState(engine)) !== 'inactive';
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'no-engine') return false;
    throw error;
  } finally {
    engine.close();
  }
}

/** What of a context the program of such a cluster rests on. */
type HostContext = Pick<ClusterContext, 'cluster'> & {
  run: Pick<ClusterContext['run'], 'fleet' | 'settings'>;
};

/** What the program of a cluster of machines is given. */
export function hostClusterArgs({ run, cluster }: HostContext): HostClusterArgs {
  return {
    fleet: run.fleet.name,
    name: cluster.name,
    nodes: (cluster.hosts ?? []).map((host) => hostNode(cluster, host)),
    overlays: overlays(run.settings, cluster),
    autolock: cluster.autolock,
    engine: {
      version: run.fleet.engine,
      daemon: { ...cluster.daemon },
      removeEngine: cluster.removeEngine ?? false,
    },
  };
}

function hostNode(cluster: Cluster, host: Host): HostNode {
  const { name, role, endpoint, zone, advertise, dataPath } = host;
  return {
    name,
    role,
    endpoint,
    advertiseAddress: advertise ?? '',
    ...(dataPath !== undefined && { dataPathAddress: dataPath }),
    hasShell: endpoint.startsWith('ssh://'),
    availability: isDrained(cluster, host) ? 'drain' : 'active',
    labels: {
      'swarmctl.region': cluster.region,
      ...(zone !== undefined && { [zoneLabel]: zone }),
      ...cluster.labels,
      ...host.labels,
      [nodeNameLabel]: name,
    },
  };
}
