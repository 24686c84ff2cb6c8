const firstPool = 100;

/** The IPv4 range of the overlay networks of the cluster with a slot; no two slots share addresses. */
export function poolOfSlot(slot: number): string {
  return `10.${firstPool + slot}.0.0/16`;
}
