import type { FleetSettings, ScaleOverride } from '../../programs/fleet-settings.ts';
import type { Stack } from '../compose/stack.ts';
import type { ServiceSpec } from '../docker/engine-spec.ts';
import { scaledOf, withReplicas } from '../docker/scale-label.ts';

/** A stack with the numbers of tasks that were chosen with `scale`. */
export interface ScaledStack {
  stack: Stack;
  /** Names of services whose override has ended, since the compose files have come to say something else. */
  ended: string[];
  /** What the reader should know. */
  notes: string[];
}

/** Puts the overrides of a cluster over what its compose files say. */
export function applyScales(stack: Stack, overrides: Record<string, ScaleOverride> = {}): ScaledStack {
  const ended: string[] = [];
  const notes: string[] = [];
  const services = stack.services.map((spec) => {
    const override = overrides[spec.Name];
    if (!override) return spec;
    if (replicasOf(spec) === override.instead) {
      notes.push(`${describeScale(spec.Name, override)}. \`swarmctl scale --reset\` ends it.`);
      return withReplicas(spec, override.replicas, override);
    }
    ended.push(spec.Name);
    notes.push(`${describeScale(spec.Name, override)}: ended, the compose file's number has changed since.`);
    return spec;
  });
  return { stack: { ...stack, services }, ended, notes };
}

/**
 * Gives a stack that ran before the numbers of tasks that are chosen now. A number is chosen for the load, not for a
 * version: a rollback neither takes tasks away that the load needs, nor brings a number back that was reset since.
 */
export function keepScales(
  stack: Stack,
  overrides: Record<string, ScaleOverride> = {},
): Pick<ScaledStack, 'stack' | 'notes'> {
  const notes: string[] = [];
  const services = stack.services.map((spec) => {
    const [override, earlier] = [overrides[spec.Name], scaledOf(spec.Labels)];
    if (!override) return earlier ? withReplicas(spec, earlier.instead, undefined) : spec;
    if (replicasOf(spec) === undefined) return spec;
    notes.push(`${describeScale(spec.Name, override)}: kept.`);
    return withReplicas(spec, override.replicas, override);
  });
  return { stack: { ...stack, services }, notes };
}

/** Such as `shop_web has 5 tasks instead of 2: scaled by alice@laptop at 2026-11-21 16:00 UTC`. */
function describeScale(service: string, { replicas, instead, by, since }: ScaleOverride): string {
  const time = `${since.slice(0, 16).replace('T', ' ')} UTC`;
  return `${service} is scaled to ${replicas} instead of ${instead}, by ${by} at ${time}`;
}

/** How many tasks a replicated service asks for; undefined for any other. */
export function replicasOf({ Mode }: Pick<ServiceSpec, 'Mode'>): number | undefined {
  return Mode.Replicated && (Mode.Replicated.Replicas ?? 1);
}

/** The settings with an override of a cluster's service, or without it. */
export function withScale(
  settings: FleetSettings,
  cluster: string,
  changes: Record<string, ScaleOverride | undefined>,
): FleetSettings {
  const changed = Object.entries({ ...settings.scales[cluster], ...changes }).filter(
    (entry): entry is [string, ScaleOverride] => entry[1] !== undefined,
  );
  const { [cluster]: _, ...others } = settings.scales;
  const scales = changed.length > 0 ? { ...others, [cluster]: Object.fromEntries(changed) } : others;
  return { ...settings, scales };
}
