import { createHmac, randomBytes } from 'node:crypto';
import type { FleetSettings } from '../../programs/fleet-settings.ts';
import { poolOfSlot } from '../address-plan.ts';
import { openSwarm } from '../docker/swarm.ts';
import type { Workspace } from '../engine/workspace.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';

/** No cluster can have this name: dots are not allowed in them. */
export const settingsStack = 'fleet.settings';

const keyBytes = 32;
const overlaySubnetSize = 24;

/** The settings that the fleet keeps, extended for clusters that it does not know yet. */
export async function readSettings(
  workspace: Workspace,
  clusters: readonly Cluster[],
): Promise<{ settings: FleetSettings; isStored: boolean }> {
  const stored = await readStored(workspace);
  const settings = withSlots(stored ?? newSettings(), clusters);
  return { settings, isStored: stored !== undefined && clusters.every(({ name }) => name in stored.slots) };
}

function newSettings(): FleetSettings {
  return { key: randomBytes(keyBytes).toString('hex'), slots: {}, adopted: {}, scales: {} };
}

/** Writes the settings into the fleet's state. */
export async function storeSettings(
  workspace: Workspace,
  settings: FleetSettings,
  signal: AbortSignal,
): Promise<void> {
  const { fleetSettingsProgram } = await import('../../programs/fleet-settings.ts');
  const stack = await workspace.open({
    name: settingsStack,
    program: fleetSettingsProgram(settings),
    swarm: openSwarm([]),
  });
  await stack.up({ what: "Writing the fleet's settings", signal });
}

/** Gives each cluster that has none the lowest free slot. */
export function withSlots(settings: FleetSettings, clusters: readonly Cluster[]): FleetSettings {
  const slots = { ...settings.slots };
  const pools = Object.values(settings.adopted).flatMap((parts) => parts.overlays?.addressPool ?? []);
  for (const { name } of clusters) slots[name] ??= lowestFree(new Set(Object.values(slots)), pools);
  return { ...settings, slots };
}

/** The range of the cluster's overlay networks: no two clusters that swarmctl made have the same. */
export function overlays(
  settings: FleetSettings,
  cluster: Cluster,
): { addressPool: string[]; subnetSize: number } {
  const made = {
    addressPool: [poolOfSlot(settings.slots[cluster.name] ?? 0)],
    subnetSize: overlaySubnetSize,
  };
  return settings.adopted[cluster.name]?.overlays ?? made;
}

/**
 * What tells the machines of this fleet's state from those of any other: kept with them as a label. Made from the
 * fleet's key, which it does not give away.
 */
export function stateId({ key }: FleetSettings): string {
  return createHmac('sha256', key).update('state').digest('hex').slice(0, 16);
}

function lowestFree(taken: ReadonlySet<number>, pools: readonly string[]): number {
  let slot = 0;
  while (taken.has(slot) || pools.includes(poolOfSlot(slot))) slot += 1;
  return slot;
}

/** Undefined before the first run has written them. */
async function readStored(workspace: Workspace): Promise<FleetSettings | undefined> {
  const stored = await workspace.outputs(settingsStack);
  if (stored === undefined || Object.keys(stored).length === 0) return undefined;
  const { key, slots, adopted = {}, scales = {} } = stored;
  if (typeof key === 'string' && typeof slots === 'object' && slots !== null) {
    return { key, slots, adopted, scales } as FleetSettings;
  }
  throw new SwarmctlError(
    'state-unreadable',
    `The stack ${settingsStack} does not hold the fleet's settings.`,
    {
      hint: 'Restore the state from a backup.',
    },
  );
}
