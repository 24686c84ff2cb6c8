import { mountedContents, versionsOf } from '../docker/content-versions.ts';
import { readContents, readServices } from '../docker/swarm-objects.ts';
import type { Emit } from '../events.ts';
import type { Fleet } from '../fleet/model.ts';
import type { ClusterAnswer, MountedSecret, SecretReport } from '../report/answers.ts';
import type { AskedCluster } from './ask-clusters.ts';

/** The versions of the fleet's secrets that services of a cluster mount. */
export async function clusterSecrets({ fleet, swarm }: AskedCluster): Promise<{ mounted: MountedSecret[] }> {
  const [contents, services] = await Promise.all([readContents(swarm, 'secrets'), readServices(swarm)]);
  const versions = versionsOf(contents, fleet.name);
  const mounted = versions.flatMap(({ fullName, name, version, createdAt }) => {
    const users = services.filter(({ Spec }) => mountedContents(Spec).includes(fullName));
    if (users.length === 0) return [];
    const kept = versions.filter((other) => other.name === name).length - 1;
    const names = users.map(({ Spec }) => Spec.Name).sort();
    return [{ name, version, since: createdAt, kept, services: names }];
  });
  return { mounted };
}

/**
 * Compares what the clusters mount. Names carry a hash of the content by the fleet's key, so that equal versions are
 * equal values.
 */
export function compareSecrets(
  { name: stack, secrets }: Pick<Fleet, 'name' | 'secrets'>,
  clusters: readonly ClusterAnswer<{ mounted: MountedSecret[] }>[],
  now: Date,
): SecretReport[] {
  const all = clusters.flatMap(({ name: cluster, mounted = [] }) =>
    mounted.map((secret) => ({ cluster, ...secret })),
  );
  return [...Map.groupBy(all, ({ name }) => name)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, found]) => {
      const since = found.map((one) => one.since).sort()[0] ?? now.toISOString();
      const ageSeconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1_000));
      const maxAgeMs = secrets.find((one) => name === one.name || name === `${stack}_${one.name}`)?.maxAgeMs;
      return {
        name,
        same: new Set(found.map(({ version }) => version)).size === 1,
        since,
        ageSeconds,
        ...(maxAgeMs !== undefined && { maxAgeSeconds: maxAgeMs / 1_000 }),
        tooOld: maxAgeMs !== undefined && ageSeconds * 1_000 > maxAgeMs,
        clusters: found.map(({ name: _, ...one }) => one),
      };
    });
}

/** Warns of the secrets that a cluster mounts and that are older than their `max-age`; asks only where there is one. */
export async function tellOldSecrets({ fleet, cluster, swarm }: AskedCluster, emit: Emit): Promise<void> {
  if (fleet.secrets.every(({ maxAgeMs }) => maxAgeMs === undefined)) return;
  const answer = await clusterSecrets({ fleet, cluster, swarm });
  for (const message of oldSecrets(compareSecrets(fleet, [{ ...cluster, ...answer }], new Date())))
    emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
}

export function oldSecrets(secrets: readonly SecretReport[]): string[] {
  return secrets
    .filter(({ tooOld }) => tooOld)
    .map(
      ({ name, since }) => `Secret ${name} is of ${since.slice(0, 10)}, older than its max-age: rotate it.`,
    );
}
