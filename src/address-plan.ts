/** Which IPv4 ranges a fleet takes: a cluster has a slot, 0 to 63, and with it a range for each purpose. */

const firstVpc = 10;
const firstPool = 100;
const slots = 64;

/** The range of the overlay networks of the cluster with a slot; no two slots share addresses. */
export function poolOfSlot(slot: number): string {
  return `10.${firstPool + slot}.0.0/16`;
}

/** The range of the VPC of the cluster with a slot; no two slots share addresses. */
export function vpcOfSlot(slot: number): string {
  return `10.${firstVpc + slot}.0.0/16`;
}

/** All that clusters may be given. */
export const poolRanges: readonly string[] = Array.from({ length: slots }, (_, slot) => poolOfSlot(slot));
export const vpcRanges: readonly string[] = Array.from({ length: slots }, (_, slot) => vpcOfSlot(slot));
