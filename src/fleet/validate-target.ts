import { isIP } from 'node:net';
import { positionOf, type YamlPath } from '../yaml-position.ts';
import { buildHost, nameOf, type WrittenHost } from './build-hosts.ts';
import type { Fleet } from './model.ts';
import type { Problem } from './problems.ts';
import type { FleetFile } from './schema.ts';
import type { FleetSource } from './source.ts';

/** Keys of clusters and of `defaults` that mean nothing with a target, and what says it there. */
const foreignKeys: Record<Fleet['target'], Record<string, string>> = {
  local: {
    nodes: 'Local nodes are made: give `managers` and `workers` their number.',
    daemon: 'Local nodes have the engine of their image.',
    'remove-engine': 'The engine of a local node goes with it.',
  },
  hosts: {
    managers: 'The machines under `nodes` say who is a manager.',
    workers: 'The machines under `nodes` say who is a worker.',
    limits: 'Machines have the CPUs and the memory that they have.',
  },
  aws: {
    nodes: 'Instances are made: give `managers` and `workers` their number.',
    'remove-engine': 'The engine of an instance goes with it.',
  },
};

/** What the shape of a file cannot say of its target and of the machines that it names. */
export function targetProblems(file: FleetFile, source: FleetSource): Problem[] {
  const clusters = Object.entries(file.clusters).map(([name, cluster]) => ({
    path: ['clusters', name],
    written: cluster ?? {},
  }));
  const parts = [{ path: ['defaults'], written: file.defaults ?? {} }, ...clusters];
  return [
    ...parts.flatMap(({ path, written }) => foreignProblems(path, written, file.target ?? 'local', source)),
    ...(file.target === 'hosts'
      ? [
          ...clusters.flatMap(({ path, written }) => nodesProblems(path, written.nodes, source)),
          ...hostProblems(file, source),
        ]
      : []),
  ];
}

function foreignProblems(
  path: YamlPath,
  written: object,
  target: Fleet['target'],
  { document, lineCounter }: FleetSource,
): Problem[] {
  return Object.entries(foreignKeys[target]).flatMap(([key, hint]) => {
    if (!(key in written)) return [];
    const place = positionOf(document, lineCounter, [...path, key], 'key');
    return [{ ...place, message: `${path.join('.')}.${key}: not with the target ${target}`, hint }];
  });
}

/** A swarm needs a majority of its managers, so an even number bears no more failures than one less. */
function nodesProblems(
  path: YamlPath,
  nodes: readonly WrittenHost[] | undefined,
  { document, lineCounter }: FleetSource,
): Problem[] {
  const label = `${path.join('.')}.nodes`;
  if (!nodes) {
    const place = positionOf(document, lineCounter, path, 'key');
    return [{ ...place, message: `${label}: expected the machines of the cluster, it is missing` }];
  }
  const managers = nodes.filter(({ role }) => role === 'manager').length;
  if (managers % 2 === 1 && managers <= 7) return [];
  const place = positionOf(document, lineCounter, [...path, 'nodes'], 'key');
  return [{ ...place, message: `${label}: expected 1, 3, 5 or 7 managers, found ${managers}` }];
}

interface PlacedHost {
  path: YamlPath;
  label: string;
  host: WrittenHost;
}

function hostProblems(file: FleetFile, { document, lineCounter }: FleetSource): Problem[] {
  const hosts = Object.entries(file.clusters).flatMap(([name, cluster]) =>
    (cluster?.nodes ?? []).map((host, index) => ({
      path: ['clusters', name, 'nodes', index],
      label: `clusters.${name}.nodes[${index}]`,
      host,
    })),
  );
  return hosts.flatMap((placed, index) => {
    const messages = [
      ...waysProblems(placed.host),
      ...addressProblems(placed.host),
      ...sameProblems(placed, hosts.slice(0, index)),
    ];
    const place = positionOf(document, lineCounter, placed.path);
    return messages.map((message) => ({ ...place, message: `${placed.label}: ${message}` }));
  });
}

function waysProblems({ ssh, context, tls }: WrittenHost): string[] {
  const given = Object.entries({ ssh, context, tls }).flatMap(([key, value]) => (value ? [key] : []));
  return given.length > 1 ? [`expected one of ssh, context and tls, found ${given.join(' and ')}`] : [];
}

/** A range is looked up on the machine, by SSH. */
function addressProblems(host: WrittenHost): string[] {
  return (['advertise', 'data-path'] as const).flatMap((key) => {
    const value = host[key];
    if (!value?.includes('/')) return [];
    const [address = '', prefix = ''] = value.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    const isRange = /^\d+$/.test(prefix) && Number(prefix) <= most;
    if (!isRange) return [`${key}: expected a range such as 10.0.0.0/24, found "${value}"`];
    const found = host.context !== undefined ? 'context' : host.tls ? 'tls' : undefined;
    return found ? [`${key}: a range can only be looked up by SSH, found ${found}`] : [];
  });
}

/** Who says where an engine is and as whom one goes there are two things: the user does not count. */
function sameProblems({ host }: PlacedHost, before: readonly PlacedHost[]): string[] {
  const same = before.find((other) => placeOf(other.host) === placeOf(host));
  if (same) return [`this is the same machine as ${same.label}`];
  const namesake = before.find((other) => nameOf(other.host) === nameOf(host));
  return namesake ? [`the name ${nameOf(host)} is that of ${namesake.label}`] : [];
}

function placeOf(host: WrittenHost): string {
  const { endpoint } = buildHost(host, '/');
  return endpoint
    .replace(/^\w+:\/\/([^@]*@)?/, '')
    .replace(/\?.*$/, '')
    .toLowerCase();
}
