/** The zone of a cluster's node, counted from 0: one after the other, managers and workers each for themselves. */
export function zoneOf(index: number, zones: number): number {
  return index % zones;
}
