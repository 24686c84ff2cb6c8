import { SwarmctlError } from '../errors.ts';

/** What the quorum arithmetic needs to know of a manager. */
export interface ManagerHealth {
  id: string;
  reachable: boolean;
}

/** The least number of reachable managers: ⌊n/2⌋+1 (Raft; Docker manual, "Administer and maintain a swarm"). */
export function quorumOf(managers: number): number {
  return Math.floor(managers / 2) + 1;
}

/**
 * Refuses to demote or remove managers when those that stay would have no quorum among themselves.
 * @param leaving ids of those that go.
 * @param step in words, such as `Demoting shop-eu-west-1-manager-3`.
 * @throws SwarmctlError `quorum-refused`.
 */
export function checkQuorumWithout(
  managers: readonly ManagerHealth[],
  leaving: readonly string[],
  step: string,
): void {
  const staying = managers.filter(({ id }) => !leaving.includes(id));
  const reachable = staying.filter((manager) => manager.reachable).length;
  const needed = quorumOf(staying.length);
  if (staying.length > 0 && reachable >= needed) return;
  throw new SwarmctlError(
    'quorum-refused',
    `${step} would leave ${reachable} of ${staying.length} managers reachable; a quorum needs ${needed}.`,
    { hint: 'Bring the unreachable managers back first, or add a manager.' },
  );
}
