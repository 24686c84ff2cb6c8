import { isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type { Cluster, DaemonSettings, Host } from './model.ts';
import type { FleetFile } from './schema.ts';

type WrittenCluster = NonNullable<FleetFile['clusters'][string]>;
export type WrittenHost = NonNullable<WrittenCluster['nodes']>[number];
type WrittenDaemon = NonNullable<WrittenCluster['daemon']>;

const tlsPort = 2376;

/** Only the machine itself can read them: whoever wants them from elsewhere says so. */
const metricsAddress = '127.0.0.1:9323';
const rotation = { 'max-size': '10m', 'max-file': '3' };

/** What of a cluster follows from the machines that the file names. */
export function buildHostCluster(
  { nodes = [], daemon, 'remove-engine': removeEngine }: WrittenCluster,
  { defaults }: Pick<FleetFile, 'defaults'>,
  directory: string,
): Pick<Cluster, 'managers' | 'workers' | 'hosts' | 'daemon' | 'removeEngine'> {
  const hosts = nodes.map((node) => buildHost(node, directory));
  const [managers, workers] = (['manager', 'worker'] as const).map((role) =>
    hosts.filter((host) => host.role === role),
  ) as [Host[], Host[]];
  return {
    managers: managers.length,
    workers: workers.length,
    hosts: [...managers, ...workers],
    daemon: buildDaemon({ ...defaults?.daemon, ...daemon }),
    removeEngine: removeEngine ?? defaults?.['remove-engine'] ?? false,
  };
}

export function buildHost(written: WrittenHost, directory: string): Host {
  const { address, role, zone, labels, advertise, 'data-path': dataPath } = written;
  return {
    name: nameOf(written),
    role,
    address,
    endpoint: endpointOf(written, directory),
    ...(zone !== undefined && { zone }),
    labels: labels ?? {},
    ...(advertise !== undefined && { advertise }),
    ...(dataPath !== undefined && { dataPath }),
  };
}

/** Pulumi separates the parts of its own names by colons. */
export function nameOf({ name, address }: Pick<WrittenHost, 'name' | 'address'>): string {
  return name ?? address.replaceAll(':', '-');
}

function endpointOf({ address, ssh, context, tls }: WrittenHost, directory: string): string {
  if (context !== undefined) return `context://${context}`;
  const host = isIPv6(address) ? `[${address}]` : address;
  if (!tls) return `ssh://${ssh ?? host}`;
  return `tcp://${host}:${tls.port ?? tlsPort}?certificates=${resolve(directory, tls.certificates)}`;
}

/** The settings with what holds where the file says nothing. */
export function buildDaemon(written: WrittenDaemon): DaemonSettings {
  const driver = written['log-driver'] ?? 'local';
  const options = written['log-opts'] ?? (driver === 'local' ? rotation : undefined);
  const { 'default-address-pools': pools, mtu } = written;
  return {
    'metrics-addr': written['metrics-addr'] ?? metricsAddress,
    'log-driver': driver,
    ...(options && { 'log-opts': options }),
    ...(pools && { 'default-address-pools': pools }),
    ...(mtu !== undefined && { mtu }),
  };
}
