import { poolRanges, vpcRanges } from '../address-plan.ts';
import { instanceTypes, pricesOf, priceTable } from '../aws/prices.ts';
import { rangesOverlap } from '../ip-range.ts';
import { nearest } from '../nearest.ts';
import { positionOf, type YamlPath } from '../yaml-position.ts';
import { unknownRegion } from './aws-regions.ts';
import { awsClusterKeys, awsDefaultKeys } from './aws-schema.ts';
import { buildAws } from './build-aws.ts';
import { fleetDefaults } from './defaults.ts';
import type { AwsCluster } from './model.ts';
import type { Problem } from './problems.ts';
import type { FleetFile } from './schema.ts';
import type { FleetSource } from './source.ts';

/** What says a message at a place of the file. */
type Tell = (path: YamlPath, message: string, hint?: string, of?: 'key' | 'value') => Problem;

interface Checked {
  file: FleetFile;
  name: string;
  aws: AwsCluster;
  region: string;
  nodes: number;
  tell: Tell;
}

/** What of the target aws the shape of the file does not say. */
export function awsProblems(file: FleetFile, source: FleetSource): Problem[] {
  const tell: Tell = (path, message, hint, of = 'value') => ({
    ...positionOf(source.document, source.lineCounter, path, of),
    message,
    hint,
  });
  if (file.target !== 'aws') return foreignKeys(file, tell);
  const clusters = Object.keys(file.clusters).map((name) => checked(file, name, tell));
  return [
    ...clusters.flatMap((cluster) => [
      ...regionProblems(cluster),
      ...natProblems(cluster),
      ...rangeProblems(cluster, clusters),
      ...localKeys(cluster),
    ]),
    ...(file.defaults?.limits
      ? [tell(['defaults', 'limits'], onlyLocal('defaults.limits'), removeIt, 'key')]
      : []),
    ...globalProblems(file, clusters, tell),
  ];
}

function checked(file: FleetFile, name: string, tell: Tell): Checked {
  const own = file.clusters[name] ?? {};
  const managers = own.managers ?? file.defaults?.managers ?? fleetDefaults.managers;
  const workers = own.workers ?? file.defaults?.workers ?? fleetDefaults.workers;
  return {
    file,
    name,
    tell,
    aws: buildAws(name, file),
    region: own.region ?? name,
    nodes: managers + workers,
  };
}

const clusterKeys = [...Object.keys(awsClusterKeys), 'engine'];
const removeIt = 'Remove it, or write `target: aws`.';

/** Keys that would have no effect are mistakes. */
function foreignKeys(file: FleetFile, tell: Tell): Problem[] {
  const places: [path: YamlPath, given: object | null | undefined, keys: readonly string[]][] = [
    [[], file, ['aws', 'link', 'global']],
    [['defaults'], file.defaults, Object.keys(awsDefaultKeys)],
    ...Object.entries(file.clusters).map(([name, cluster]): (typeof places)[number] => [
      ['clusters', name],
      cluster,
      clusterKeys,
    ]),
  ];
  return places.flatMap(([parent, given, keys]) =>
    Object.keys(given ?? {})
      .filter((key) => keys.includes(key))
      .map((key) => [...parent, key])
      .map((path) => tell(path, `${path.join('.')} is only for the target aws`, removeIt, 'key')),
  );
}

function onlyLocal(key: string): string {
  return `${key} is only for the target local`;
}

function localKeys({ file, name, tell }: Checked): Problem[] {
  if (!file.clusters[name]?.limits) return [];
  const path = ['clusters', name, 'limits'];
  return [tell(path, onlyLocal(path.join('.')), 'Remove it; the instance type says what a node has.', 'key')];
}

function regionProblems({ file, name, aws, region, tell }: Checked): Problem[] {
  const unknown = unknownRegion(region);
  if (unknown) {
    const isWritten = file.clusters[name]?.region !== undefined;
    const path = isWritten ? ['clusters', name, 'region'] : ['clusters', name];
    return [tell(path, `${path.join('.')}: ${unknown.message}`, unknown.hint, isWritten ? 'value' : 'key')];
  }
  const types = instanceTypes(region);
  if (types.includes(aws.instanceType)) return [];
  const meant = nearest(aws.instanceType, types);
  const families = Object.keys(pricesOf(region).large).join(', ');
  return [
    tell(
      pathOf(file, name, 'instance-type'),
      `clusters.${name}: there is no instance type "${aws.instanceType}" for ${region} in the price table of ${priceTable.date}`,
      meant ? `Did you mean "${meant}"?` : `Known families there: ${families}.`,
    ),
  ];
}

/** Where a value that a cluster has is written: with itself, under `defaults`, or nowhere but in the code. */
function pathOf(file: FleetFile, name: string, key: keyof typeof awsDefaultKeys): YamlPath {
  if (file.clusters[name]?.[key] !== undefined) return ['clusters', name, key];
  return file.defaults?.[key] !== undefined ? ['defaults', key] : ['clusters', name];
}

function natProblems({ file, name, aws, tell }: Checked): Problem[] {
  if (aws.subnets === 'private' && aws.nat === 'none') {
    const message = `clusters.${name}: private subnets without NAT cannot reach the packages of the engine, nor SSM`;
    return [
      tell(pathOf(file, name, 'nat'), message, 'Write `nat: one` or `nat: per-zone`, or `subnets: public`.'),
    ];
  }
  if (aws.subnets === 'private' || aws.nat === 'none') return [];
  const message = `clusters.${name}: nat: ${aws.nat} has no use for public subnets`;
  return [tell(pathOf(file, name, 'nat'), message, 'Write `subnets: private`, or remove `nat`.')];
}

function rangeProblems({ name, aws, tell }: Checked, clusters: readonly Checked[]): Problem[] {
  const { cidr } = aws;
  if (cidr === undefined) return [];
  const path = ['clusters', name, 'cidr'];
  const label = path.join('.');
  const before = clusters.slice(
    0,
    clusters.findIndex((other) => other.name === name),
  );
  const met = before.find((other) => other.aws.cidr && rangesOverlap(other.aws.cidr, cidr));
  if (met) return [tell(path, `${label}: ${cidr} overlaps ${met.aws.cidr} of the cluster "${met.name}"`)];
  if (poolRanges.some((range) => rangesOverlap(range, cidr))) {
    const message = `${label}: ${cidr} overlaps the overlay networks, which have 10.100.0.0 to 10.163.255.255`;
    return [tell(path, message, 'Choose another range, such as 10.200.0.0/16, or leave it out.')];
  }
  const given = clusters.some((other) => other.aws.cidr === undefined);
  if (!given || !vpcRanges.some((range) => rangesOverlap(range, cidr))) return [];
  const message = `${label}: ${cidr} overlaps 10.10.0.0 to 10.73.255.255, which clusters without \`cidr\` get their ranges from`;
  return [tell(path, message, 'Choose another range, such as 10.200.0.0/16, or give every cluster its own.')];
}

function globalProblems({ global }: FleetFile, clusters: readonly Checked[], tell: Tell): Problem[] {
  if (global === undefined) return [];
  const without = clusters.filter(({ aws }) => aws.loadBalancer !== 'public');
  if (without.length > 0) {
    const message = `global: the cluster "${without[0]?.name}" has no public load balancer to send requests to`;
    return [tell(['global'], message, 'Write `load-balancer: public` under `defaults`.')];
  }
  const regions = clusters.map(({ region }) => region);
  const twice = regions.find((region, index) => regions.indexOf(region) < index);
  if (global !== 'accelerator' && global.policy === 'latency' && twice !== undefined) {
    const message = `global.policy: latency tells clusters apart by their regions, and two are in ${twice}`;
    return [tell(['global', 'policy'], message, 'Write `global: accelerator`, which takes several in one.')];
  }
  const isFailover = global !== 'accelerator' && global.policy === 'failover';
  if (!isFailover || clusters.length === 2) return [];
  const message = `global.policy: failover is between two clusters, and there are ${clusters.length}`;
  return [
    tell(
      ['global', 'policy'],
      message,
      'Write `latency`: requests go to the nearest cluster that is healthy.',
    ),
  ];
}
