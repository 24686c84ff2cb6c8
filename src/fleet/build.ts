import { resolve } from 'node:path';
import { isScalar } from 'yaml';
import { nodeAt } from '../yaml-position.ts';
import { buildBudget } from './budget.ts';
import { buildContents, buildRollout } from './build-apps.ts';
import { buildAws, buildAwsFleet } from './build-aws.ts';
import { buildDaemon, buildHostCluster } from './build-hosts.ts';
import { fleetDefaults } from './defaults.ts';
import type { Cluster, Fleet } from './model.ts';
import { buildNotify } from './notify.ts';
import type { FleetFile } from './schema.ts';
import type { FleetSource } from './source.ts';
import { parseMemory } from './units.ts';

/**
 * The fleet that a checked file describes, with the defaults filled in.
 *
 * @param directory absolute folder that the paths of apps are relative to
 * @param source where the file was read from, if it was
 */
export function buildFleet(file: FleetFile, directory: string, source?: FleetSource): Fleet {
  const target = file.target ?? 'local';
  return {
    name: file.fleet,
    target,
    directory,
    engine: String(file.engine ?? fleetDefaults.engine),
    ...(file.state !== undefined && { state: file.state }),
    clusters: Object.keys(file.clusters).map((name) => buildCluster(name, file, directory, source)),
    apps: resolved(file.apps, directory),
    bench: { budget: buildBudget(file.bench?.budget) },
    secrets: buildContents('secrets', file, directory, source),
    configs: buildContents('configs', file, directory, source),
    ...(file.rollout && { rollout: buildRollout(file.rollout, Object.keys(file.clusters)) }),
    keep: file.keep ?? fleetDefaults.keep,
    ...(file.drift?.ignore && { ignore: file.drift.ignore }),
    ...(file.notify && { notify: buildNotify(file.notify, directory) }),
    ...(target === 'aws' && { aws: buildAwsFleet(file, directory) }),
  };
}

function resolved(files: string | readonly string[] | undefined, directory: string): string[] {
  return [files ?? []].flat().map((file) => resolve(directory, file));
}

function buildCluster(
  name: string,
  file: FleetFile,
  directory: string,
  source: FleetSource | undefined,
): Cluster {
  const own = file.clusters[name] ?? {};
  const limits = buildLimits({ ...file.defaults?.limits, ...own.limits });
  return {
    name,
    region: own.region ?? name,
    managers: own.managers ?? file.defaults?.managers ?? fleetDefaults.managers,
    workers: own.workers ?? file.defaults?.workers ?? fleetDefaults.workers,
    drainManagers: own['drain-managers'] ?? file.defaults?.['drain-managers'] ?? false,
    autolock: own.autolock ?? file.defaults?.autolock ?? false,
    labels: { ...file.defaults?.labels, ...own.labels },
    env: Object.fromEntries(
      Object.entries(own.env ?? {}).map(([key, value]) => [key, envText(name, key, value, source)]),
    ),
    overrides: resolved(own.overrides, directory),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(file.target === 'aws' && {
      aws: buildAws(name, file),
      daemon: buildDaemon({ ...file.defaults?.daemon, ...own.daemon }),
    }),
    ...(file.target === 'hosts' && buildHostCluster(own, file, directory)),
  };
}

function buildLimits(written: { cpus?: number | undefined; memory?: string | undefined }) {
  return {
    ...(written.cpus !== undefined && { cpus: written.cpus }),
    ...(written.memory !== undefined && { memoryBytes: parseMemory(written.memory) }),
  };
}

/** The value as it is written: `1.10` is a version to its writer and would be `1.1` as a number. */
function envText(cluster: string, key: string, value: unknown, source: FleetSource | undefined): string {
  const node = source && nodeAt(source.document, ['clusters', cluster, 'env', key]);
  return typeof value !== 'string' && isScalar(node) && node.source ? node.source : String(value);
}
