/** The zone of a cluster's node, counted from 0: one after the other, managers and workers each for themselves. */
export function zoneOf(index: number, zones: number): number {
  return index % zones;
}

/** Whether a majority of the managers stays when the zone with the most of them is lost. */
export function survivesZoneLoss(managers: number, zones: number): boolean {
  const inLargest = Math.ceil(managers / zones);
  return managers - inLargest > managers / 2;
}
