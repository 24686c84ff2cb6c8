import type { ContainerSpec } from '../docker/engine-spec.ts';

/** Takes the place of all others in its list. */
const all = 'ALL';
/** Means something only to `docker service update`. */
const reset = 'RESET';

/** The kernel capabilities that containers get and lose, in the engine's spelling; what is added is not dropped. */
export function capabilities(
  add: readonly string[] = [],
  drop: readonly string[] = [],
): Pick<ContainerSpec, 'CapabilityAdd' | 'CapabilityDrop'> {
  const CapabilityAdd = normalized(add);
  const CapabilityDrop = normalized(drop).filter((name) => !CapabilityAdd.includes(name));
  return { CapabilityAdd, CapabilityDrop };
}

function normalized(names: readonly string[]): string[] {
  const spelled = new Set(names.map((name) => spelling(name.trim().toUpperCase())));
  spelled.delete(reset);
  return spelled.has(all) ? [all] : [...spelled].sort();
}

function spelling(name: string): string {
  return name === all || name === reset || name.startsWith('CAP_') ? name : `CAP_${name}`;
}
