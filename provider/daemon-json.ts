import { SwarmctlError } from '../src/errors.ts';

export type DaemonJson = Record<string, unknown>;

/**
 * The settings of a machine's daemon.json.
 * @param text of the file; empty where there is none.
 * @throws SwarmctlError `conflict` when it is not JSON, or has what a swarm cannot be with.
 */
export function parseDaemonJson(text: string, endpoint: string): DaemonJson {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.trim() || '{}');
  } catch (cause) {
    throw refused(endpoint, 'is not JSON', cause);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw refused(endpoint, 'holds no settings');
  const settings = parsed as DaemonJson;
  if (settings['live-restore'] === true)
    throw refused(endpoint, 'has live-restore, which a swarm cannot be with');
  return settings;
}

function refused(endpoint: string, why: string, cause?: unknown): SwarmctlError {
  return new SwarmctlError('conflict', `/etc/docker/daemon.json of ${endpoint} ${why}.`, {
    hint: 'Correct it on the machine, then run swarmctl up again.',
    cause,
  });
}

/** The settings with those that are wanted, and without those that were and are no more; what else is there stays. */
export function mergeDaemonJson(live: DaemonJson, before: DaemonJson, wanted: DaemonJson): DaemonJson {
  const kept = Object.entries(live).filter(([key]) => !(key in before) && !(key in wanted));
  return { ...Object.fromEntries(kept), ...wanted };
}

/** What the file says of the keys that are managed. */
export function managedSettings(live: DaemonJson, managed: DaemonJson): DaemonJson {
  return Object.fromEntries(Object.entries(live).filter(([key]) => key in managed));
}
