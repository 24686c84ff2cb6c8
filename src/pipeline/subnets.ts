import { createHash } from 'node:crypto';
import type { NetworkInspectInfo } from 'dockerode';
import { openOuterEngine } from '../docker/engine.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { rangesOverlap } from '../ip-range.ts';

/** Of the machines of a local cluster. */
export function networkName(fleet: Fleet, cluster: Cluster): string {
  return `${fleet.name}-${cluster.name}`;
}

/**
 * The IPv4 range of each cluster's machines, by cluster name: that of its network where it exists, else one that
 * overlaps no other network of the outer engine.
 * @throws SwarmctlError `unreachable` without an outer engine, `config` when the ranges are used up.
 */
export async function allocateSubnets(
  fleet: Fleet,
  clusters: readonly Cluster[],
): Promise<Map<string, string>> {
  const engine = openOuterEngine();
  try {
    const networks = await engine.ask('listing the networks', (api) => api.listNetworks());
    return chooseSubnets(fleet, clusters, networks);
  } finally {
    engine.close();
  }
}

/** Where the ranges of machines are taken from: the benchmark range, which no private network should use (RFC 2544). */
export const machinesRange = '198.18.0.0/15';

/** Its /24 blocks. */
const candidates = ['198.18', '198.19'].flatMap((prefix) =>
  Array.from({ length: 256 }, (_, block) => `${prefix}.${block}.0/24`),
);

/** What a network of an engine is asked for here. */
export type NetworkRanges = Pick<NetworkInspectInfo, 'Name' | 'IPAM'>;

/** The choice alone, given the networks that there are. */
export function chooseSubnets(
  fleet: Fleet,
  clusters: readonly Cluster[],
  networks: readonly NetworkRanges[],
): Map<string, string> {
  const taken = networks.flatMap(subnetsOf);
  const free = candidatesFor(fleet).filter(
    (candidate) => !taken.some((subnet) => rangesOverlap(candidate, subnet)),
  );
  return new Map(
    clusters.map((cluster) => {
      const own = networks.find(({ Name }) => Name === networkName(fleet, cluster));
      const subnet = (own && subnetsOf(own)[0]) ?? free.shift();
      if (!subnet) throw new SwarmctlError('config', 'All address ranges for local clusters are in use.');
      return [cluster.name, subnet];
    }),
  );
}

/** Each fleet begins elsewhere, so that two that are made at the same moment do not choose the same. */
function candidatesFor({ name }: Fleet): string[] {
  const first = createHash('sha256').update(name).digest().readUInt16BE() % candidates.length;
  return [...candidates.slice(first), ...candidates.slice(0, first)];
}

function subnetsOf(network: NetworkRanges): string[] {
  return (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : []));
}
