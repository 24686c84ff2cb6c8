import type { AwsFleetArgs, AwsMember } from '../../../programs/aws-fleet.ts';
import type { Cluster } from '../../fleet/model.ts';
import { mapParallel } from '../parallel.ts';
import { publishedPorts } from '../published-ports.ts';
import type { Run } from '../run.ts';
import type { Links } from './target.ts';

/** Clusters whose stacks are asked at the same time: each of them starts a process. */
const parallelReads = 4;

/**
 * The paths between the clusters, and the name in front of them. A cluster has a part in them as soon as its own stack
 * says where its network is; one that was cut off while it was made does not say so.
 */
export async function awsLinks(
  run: Pick<Run, 'fleet' | 'workspace' | 'signal'>,
  there: ReadonlySet<string>,
): Promise<Links> {
  const { clusters } = run.fleet;
  const found = await mapParallel(clusters, parallelReads, (cluster) => memberOf(run, cluster, there));
  const members = found.filter((member) => member !== undefined);
  const missing = clusters.filter((_, index) => found[index] === undefined).map(({ name }) => name);
  const args = awsFleetArgs(run.fleet, members);
  const isWanted =
    (args.link && members.length > 1) || (args.global !== undefined && members.some(isBalanced));
  return { missing, program: isWanted ? programOf(args) : undefined };
}

function programOf(args: AwsFleetArgs): NonNullable<Links['program']> {
  return async () => {
    // Nothing but this target needs it.
    const { AwsFleet } = await import('../../../programs/aws-fleet.ts');
    new AwsFleet(args);
  };
}

function awsFleetArgs({ name, aws, clusters }: Run['fleet'], members: AwsMember[]): AwsFleetArgs {
  const { link = false, account, profile, global } = aws ?? {};
  return {
    fleet: name,
    ...(account !== undefined && { account }),
    ...(profile !== undefined && { profile }),
    link,
    ...(global !== undefined && { global }),
    primary: clusters[0]?.name ?? '',
    members,
  };
}

function isBalanced({ loadBalancer }: AwsMember): boolean {
  return loadBalancer !== undefined;
}

/** What its stack says of where it is; what it publishes is what its files say. */
async function memberOf(
  { fleet, workspace, signal }: Pick<Run, 'fleet' | 'workspace' | 'signal'>,
  cluster: Cluster,
  there: ReadonlySet<string>,
): Promise<AwsMember | undefined> {
  const { name, region } = cluster;
  const outputs = there.has(name) ? await workspace.outputs(name) : undefined;
  if (typeof outputs?.vpcId !== 'string') return undefined;
  const { cidr, vpcId, routeTableIds, securityGroupId, loadBalancer } = outputs as unknown as Network;
  return {
    ...{ name, region, cidr, vpcId, routeTableIds, securityGroupId },
    ...(loadBalancer && { loadBalancer }),
    ports: await publishedPorts(fleet, cluster, signal),
  };
}

/** As the outputs of a cluster's stack have it. */
type Network = Omit<AwsMember, 'name' | 'region' | 'ports'>;
