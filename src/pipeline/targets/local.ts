import type { LocalClusterArgs, LocalNode } from '../../../programs/local-cluster.ts';
import { unlessGone } from '../../docker/failure.ts';
import { SwarmctlError } from '../../errors.ts';
import type { Cluster } from '../../fleet/model.ts';
import { findAdoptableMachines } from '../adoptable-machines.ts';
import type { ClusterContext } from '../cluster.ts';
import { isDrained, type Machine } from '../machines.ts';
import { overlays, stateId } from '../settings.ts';
import { allocateSubnets, networkName } from '../subnets.ts';
import type { Target } from './target.ts';

/** Every node is a container of this machine's engine. */
export const local: Target = {
  simulation: true,
  subnets: allocateSubnets,
  program: (context) => async () => {
    const { LocalCluster } = await import('../../../programs/local-cluster.ts');
    new LocalCluster(localClusterArgs(context));
    return undefined;
  },
  refusal,
  removeOrphans,
  findMachines: (context) =>
    findAdoptableMachines(localClusterArgs(context), context.run.outer, context.swarm),
};

/** What of a context the program of a local cluster rests on. */
type LocalContext = Pick<ClusterContext, 'cluster' | 'machines'> & {
  run: Pick<ClusterContext['run'], 'fleet' | 'settings' | 'subnets'> & {
    toolchain: Pick<ClusterContext['run']['toolchain'], 'nodeImage'>;
  };
};

/** What the program of a local cluster is given. */
export function localClusterArgs({ run, cluster, machines }: LocalContext): LocalClusterArgs {
  const { fleet, settings, subnets, toolchain } = run;
  const subnet = subnets.get(cluster.name) ?? '';
  return {
    fleet: fleet.name,
    state: stateId(settings),
    name: cluster.name,
    image: toolchain.nodeImage ?? '',
    network: { name: networkName(fleet, cluster), subnet },
    nodes: machines.map((machine) => localNode(cluster, machine, subnet)),
    overlays: overlays(settings, cluster),
    autolock: cluster.autolock,
    ...(cluster.limits ? { limits: cluster.limits } : {}),
  };
}

function localNode(cluster: Cluster, machine: Machine, subnet: string): LocalNode {
  return {
    name: machine.name,
    role: machine.role,
    address: address(subnet, machine),
    availability: isDrained(cluster, machine) ? 'drain' : 'active',
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

/**
 * Machines that are there without being in the state belong to a fleet of the same name in another folder, or a person
 * made them, and Docker would give their volumes to this one.
 */
async function refusal({ run, cluster, machines }: ClusterContext): Promise<SwarmctlError | undefined> {
  const label = [`swarmctl.fleet=${run.fleet.name}`, `swarmctl.cluster=${cluster.name}`];
  const [{ Volumes }, containers] = await run.outer.ask('listing the volumes and containers', (api) =>
    Promise.all([api.listVolumes({ filters: { label } }), api.listContainers({ all: true })]),
  );
  const names = new Set(machines.map(({ name }) => `/${name}`));
  const details = [
    ...Volumes.map(({ Name }) => `volume ${Name}`),
    ...containers.flatMap(({ Names }) =>
      Names.filter((name) => names.has(name)).map((name) => `container ${name.slice(1)}`),
    ),
  ];
  if (details.length === 0) return undefined;
  return new SwarmctlError(
    'conflict',
    `Cluster ${cluster.name} of a fleet named ${run.fleet.name} is on this machine already, and the state in ${run.state.folder} does not know it.`,
    {
      details,
      hint: 'Run swarmctl in the folder that it was made from. If that is lost, take the cluster over with `swarmctl adopt`.',
    },
  );
}

/** No data goes with the containers: it is in volumes, which stay. What else such a run made, its create takes again. */
async function removeOrphans({ run, cluster }: ClusterContext, known: ReadonlySet<string>): Promise<void> {
  const { stateLabel } = await import('../../../programs/local-cluster.ts');
  const label = [`${stateLabel}=${stateId(run.settings)}`, `swarmctl.cluster=${cluster.name}`];
  const containers = await run.outer.ask('listing the containers', (api) =>
    api.listContainers({ all: true, filters: { label } }),
  );
  for (const { Id, Names } of containers) {
    const name = (Names[0] ?? Id).replace(/^\//, '');
    if (known.has(`Container ${name}`)) continue;
    const removal = run.outer.ask(`removing ${name}`, (api) => api.getContainer(Id).remove({ force: true }));
    await unlessGone(removal);
    const message = `Removed ${name}: a run that was cut off made it, and did not live to write it down.`;
    run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
  }
}
