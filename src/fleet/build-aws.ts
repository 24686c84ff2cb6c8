import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fleetDefaults } from './defaults.ts';
import type { AwsCluster, AwsFleet } from './model.ts';
import type { FleetFile } from './schema.ts';

/** What a checked file says of a cluster for the target aws, with the defaults filled in. */
export function buildAws(name: string, { engine, defaults, clusters }: FleetFile): AwsCluster {
  const own = clusters[name] ?? {};
  const subnets = own.subnets ?? defaults?.subnets ?? 'public';
  return {
    instanceType: own['instance-type'] ?? defaults?.['instance-type'] ?? fleetDefaults.instanceType,
    engine: String(own.engine ?? engine ?? fleetDefaults.engine),
    ...(own.cidr !== undefined && { cidr: own.cidr }),
    sshCidrs: own['ssh-cidrs'] ?? defaults?.['ssh-cidrs'] ?? [],
    subnets,
    nat: own.nat ?? (subnets === 'private' ? (defaults?.nat ?? 'one') : 'none'),
    loadBalancer: own['load-balancer'] ?? defaults?.['load-balancer'] ?? 'none',
  };
}

/** What a checked file says of the whole fleet for the target aws. */
export function buildAwsFleet({ aws, link, global }: FleetFile, directory: string): AwsFleet {
  return {
    ...(aws?.account !== undefined && { account: aws.account }),
    ...(aws?.profile !== undefined && { profile: aws.profile }),
    ...(aws?.['ssh-key'] !== undefined && { sshKey: keyPath(aws['ssh-key'], directory) }),
    link: link ?? false,
    ...(global !== undefined && { global }),
  };
}

function keyPath(path: string, directory: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(directory, path);
}
