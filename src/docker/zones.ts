import { quorumOf } from './quorum.ts';

/** Label of nodes with the zone that their machine stands in: what fails together. */
export const zoneLabel = 'swarmctl.zone';

/**
 * Says which single zone takes the quorum with it when it is lost. One manager is no matter of zones, and one whose zone
 * is not known counts as standing apart.
 * @returns a warning, or undefined where every zone may be lost.
 */
export function warnOfZones(managers: readonly { name: string; zone?: string }[]): string | undefined {
  if (managers.length === 1) return undefined;
  const inZones = Map.groupBy(managers, ({ zone }) => zone);
  for (const [zone, inside] of inZones) {
    if (zone === undefined || managers.length - inside.length >= quorumOf(managers.length)) continue;
    const names = inside.map(({ name }) => name).join(', ');
    return `The loss of zone ${zone} would take the quorum: ${inside.length} of ${managers.length} managers are in it (${names}). Spread the managers over three zones.`;
  }
  return undefined;
}
