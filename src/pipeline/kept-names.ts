import type { FleetSettings } from '../../programs/fleet-settings.ts';
import { contentKey } from '../compose/file-objects.ts';
import type { Stack } from '../compose/stack.ts';
import type { Swarm } from '../docker/swarm.ts';
import { readContents } from '../docker/swarm-objects.ts';
import type { Cluster } from '../fleet/model.ts';

/**
 * The names of configs and secrets that were adopted and whose content has not changed since, by their content key.
 * What was adopted is known by its id, so that nothing else can come to stand for it under the same name.
 */
export async function keptNames(
  stack: Stack,
  swarm: Swarm,
  cluster: Cluster,
  { key, adopted }: FleetSettings,
): Promise<Map<string, string>> {
  const ids = adopted[cluster.name]?.contents ?? {};
  const kept = new Map<string, string>();
  for (const kind of ['configs', 'secrets'] as const) {
    const keys = stack[kind].flatMap((object) => (object.external ? [] : [contentKey(kind, object, key)]));
    if (!keys.some((one) => ids[one] !== undefined)) continue;
    const names = new Map((await readContents(swarm, kind)).map(({ ID, Spec }) => [ID, Spec.Name]));
    for (const one of keys) {
      const name = names.get(ids[one] ?? '');
      if (name !== undefined) kept.set(one, name);
    }
  }
  return kept;
}
