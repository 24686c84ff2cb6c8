import { versionsOf } from '../docker/content-versions.ts';
import type { LiveSwarm, Written } from '../docker/live-swarm.ts';
import type { DriftFinding } from '../report/report.ts';
import { fault } from './faults.ts';

/** What is done about objects in the fleet's namespace that its state does not hold. */
export type UnmanagedMode = 'warn' | 'drift' | 'ignore';

interface Candidate {
  type: 'Service' | 'Network' | 'Config' | 'Secret';
  id: string;
  name: string;
  labels: Record<string, string> | undefined;
  since?: string;
  version?: number;
}

type Named = Written & { Spec: { Name: string; Labels?: Record<string, string> } };

const namespaceLabel = 'com.docker.stack.namespace';

/**
 * Services, networks, configs and secrets that somebody made beside the fleet: under its namespace or a name that
 * begins like those in it, and services of no stack at all. What another stack has is its own business, and
 * versions of configs and secrets are kept on purpose.
 * @param managed ids of all that the state holds.
 */
export function findUnmanaged(
  live: LiveSwarm,
  fleet: string,
  managed: ReadonlySet<string>,
  mode: UnmanagedMode,
): DriftFinding[] {
  if (mode === 'ignore') return [];
  const kept = keptVersions(live, fleet);
  return candidates(live)
    .filter(({ id }) => !managed.has(id) && !kept.has(id))
    .filter((candidate) => isOurs(candidate, fleet))
    .map(({ type, name, since, version }) =>
      fault(type, name, 'unmanaged', {
        message: 'is in the swarm and not in the state',
        ...(since && { since }),
        ...(version !== undefined && { version }),
      }),
    )
    .map((finding) => (mode === 'drift' ? finding : { ...finding, level: 'warning' as const }));
}

function isOurs({ type, name, labels }: Candidate, fleet: string): boolean {
  const namespace = labels?.[namespaceLabel];
  if (namespace !== undefined) return namespace === fleet;
  return type === 'Service' || name.startsWith(`${fleet}_`);
}

/** Ids of the versions of configs and secrets: what none of the files names any more is kept for a rollback, too. */
function keptVersions({ configs, secrets }: LiveSwarm, fleet: string): Set<string> {
  return new Set([configs, secrets].flatMap((contents) => versionsOf(contents, fleet).map(({ id }) => id)));
}

function candidates({ services, networks, configs, secrets }: LiveSwarm): Candidate[] {
  const written = (type: Candidate['type']) => (object: Named) => ({
    type,
    id: object.ID,
    name: object.Spec.Name,
    labels: object.Spec.Labels,
    since: object.UpdatedAt,
    version: object.Version.Index,
  });
  return [
    ...services.map(written('Service')),
    ...networks.map(({ Id, Name, Labels }) => ({
      type: 'Network' as const,
      id: Id,
      name: Name,
      labels: Labels,
    })),
    ...configs.map(written('Config')),
    ...secrets.map(written('Secret')),
  ];
}
