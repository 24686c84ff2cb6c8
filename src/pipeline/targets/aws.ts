import type { AwsClusterArgs, AwsNode } from '../../../programs/aws-cluster.ts';
import { vpcOfSlot } from '../../address-plan.ts';
import { deriveHostKey } from '../../aws/host-key.ts';
import { pricesOf } from '../../aws/prices.ts';
import type { Place } from '../../aws/ssh-files.ts';
import { userData } from '../../aws/user-data.ts';
import { fleetCost } from '../../cost/cost.ts';
import { nodeNameLabel } from '../../docker/node-name.ts';
import { SwarmctlError } from '../../errors.ts';
import type { AwsCluster, Cluster } from '../../fleet/model.ts';
import type { ClusterContext } from '../cluster.ts';
import { isDrained, type Machine, sshFiles } from '../machines.ts';
import { publishedPorts } from '../published-ports.ts';
import { overlays } from '../settings.ts';
import { awsLinks } from './aws-links.ts';
import { exists, openPlaces } from './aws-places.ts';
import { loginKey } from './login-key.ts';
import type { Target } from './target.ts';

/** Every node is an instance that swarmctl makes. */
export const aws: Target = {
  simulation: false,
  subnets: async () => new Map(),
  program: (context) => async () => {
    // Nothing but this target needs it.
    const { awsClusterProgram } = await import('../../../programs/aws-cluster.ts');
    return { ...(await awsClusterProgram(await awsClusterArgs(context))) };
  },
  // What others made has other ids: nothing can be in the way.
  refusal: async () => undefined,
  removeOrphans: async () => {},
  async findMachines({ cluster }) {
    throw new SwarmctlError('conflict', `The instances of ${cluster.name} cannot be adopted.`);
  },
  /** The files are made with the machines; another computer, or a new checkout, has only the state. */
  async findWay({ fleet, settings, workspace, existing }, cluster) {
    if (!existing.has(cluster.name) || (await exists(sshFiles(fleet, cluster).config))) return;
    const { places } = (await workspace.outputs(cluster.name)) ?? {};
    const known = openPlaces({ fleet, settings }, cluster);
    for (const place of (places ?? []) as Place[]) await known.add(place);
  },
  links: awsLinks,
};

async function awsClusterArgs({ run, cluster, machines }: ClusterContext): Promise<AwsClusterArgs> {
  const { fleet, settings } = run;
  const own = awsOf(cluster);
  const places = openPlaces(run, cluster);
  const { publicKey } = await loginKey(fleet);
  const node = (machine: Machine) =>
    awsNode(machine, cluster, own, { fleetKey: settings.key, authorizedKeys: [publicKey] });
  return {
    fleet: fleet.name,
    name: cluster.name,
    region: cluster.region,
    ...(fleet.aws?.account !== undefined && { account: fleet.aws.account }),
    ...(fleet.aws?.profile !== undefined && { profile: fleet.aws.profile }),
    ...own,
    cidr: own.cidr ?? vpcOfSlot(settings.slots[cluster.name] ?? 0),
    zones: pricesOf(cluster.region).zones,
    ports: own.loadBalancer === 'none' ? [] : await publishedPorts(fleet, cluster, run.signal),
    nodes: machines.map(node),
    overlays: overlays(settings, cluster),
    autolock: cluster.autolock,
    daemon: { ...cluster.daemon },
    monthly: fleetCost(fleet, [cluster]).clusters[0]?.monthly ?? 0,
    onPlace: places.add,
  };
}

function awsOf({ name, aws: own }: Cluster): AwsCluster {
  if (!own) throw new Error(`Cluster ${name} is not of the target aws.`);
  return own;
}

function awsNode(
  { name, role, endpoint }: Machine,
  cluster: Cluster,
  { engine }: AwsCluster,
  keys: { fleetKey: string; authorizedKeys: string[] },
): AwsNode {
  const hostKey = deriveHostKey(keys.fleetKey, name);
  const { authorizedKeys } = keys;
  return {
    name,
    role,
    index: Number(name.split('-').at(-1)) - 1,
    endpoint,
    availability: isDrained(cluster, { role }) ? 'drain' : 'active',
    labels: { 'swarmctl.region': cluster.region, ...cluster.labels, [nodeNameLabel]: name },
    userData: userData({ name, hostKey, authorizedKeys, engine, daemon: cluster.daemon ?? {} }),
  };
}
