import { isIPv4 } from 'node:net';
import type { NetworkInspectInfo } from 'dockerode';
import { openOuterEngine } from '../docker/engine.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { networkName } from './machines.ts';

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

/** Ranges for machines: /24 blocks of the benchmark range, which no private network should use (RFC 2544). */
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
  const free = candidates.filter((candidate) => !taken.some((subnet) => overlap(candidate, subnet)));
  return new Map(
    clusters.map((cluster) => {
      const own = networks.find(({ Name }) => Name === networkName(fleet, cluster));
      const subnet = (own && subnetsOf(own)[0]) ?? free.shift();
      if (!subnet) throw new SwarmctlError('config', 'All address ranges for local clusters are in use.');
      return [cluster.name, subnet];
    }),
  );
}

function subnetsOf(network: NetworkRanges): string[] {
  return (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : []));
}

/** Two CIDR ranges overlap when they agree in the bits of the shorter prefix; IPv6 never meets IPv4. */
function overlap(one: string, other: string): boolean {
  const prefix = Math.min(prefixLength(one), prefixLength(other));
  return isIPv4(addressOf(other)) && bits(one).slice(0, prefix) === bits(other).slice(0, prefix);
}

function addressOf(cidr: string): string {
  return cidr.split('/')[0] ?? '';
}

function prefixLength(cidr: string): number {
  return Number(cidr.split('/')[1]);
}

function bits(cidr: string): string {
  const bytes = addressOf(cidr).split('.').map(Number);
  return bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
}
