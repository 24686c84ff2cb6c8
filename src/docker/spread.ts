import type { UnevenService } from '../report/report.ts';
import type { Placement } from './engine-spec.ts';
import { nodeName } from './node-name.ts';
import { factOf, isEligible, type PlacementNode } from './placement.ts';

/** A replicated service with the nodes that its tasks run on. */
export interface SpreadService {
  name: string;
  placement: Placement | undefined;
  /** Id of the node of each running task. */
  taskNodes: readonly string[];
}

/**
 * The services whose tasks could be spread more evenly over the nodes that may have them, by their preferences first;
 * resources that are reserved are not looked at.
 */
export function unevenServices(
  nodes: readonly PlacementNode[],
  services: readonly SpreadService[],
): UnevenService[] {
  return services.flatMap(({ name, placement, taskNodes }) => {
    const eligible = nodes.filter((node) => isEligible(node, placement));
    const counts = new Map(
      eligible.map((node) => [node.ID, taskNodes.filter((id) => id === node.ID).length]),
    );
    const total = sum([...counts.values()]);
    const keys = (placement?.Preferences ?? []).map(({ Spread }) => Spread.SpreadDescriptor);
    const wanted = spreadOver(eligible, total, keys, counts);
    if (eligible.every(({ ID }) => wanted.get(ID) === counts.get(ID))) return [];
    return [
      {
        service: name,
        nodes: eligible.map((node) => ({
          node: nodeName(node),
          tasks: counts.get(node.ID) ?? 0,
          wanted: wanted.get(node.ID) ?? 0,
        })),
      },
    ];
  });
}

/**
 * The most even spread, with as few moves as it takes: groups of nodes by the first preference get equal shares, and so
 * on within each; what does not divide goes to those that have the most already.
 */
function spreadOver(
  nodes: readonly PlacementNode[],
  total: number,
  [key, ...keys]: readonly string[],
  counts: ReadonlyMap<string, number>,
): Map<string, number> {
  const groups = key === undefined ? nodes.map((node) => [node]) : groupsBy(nodes, key);
  const has = (group: readonly PlacementNode[]) => sum(group.map(({ ID }) => counts.get(ID) ?? 0));
  const fullestFirst = groups.toSorted((one, other) => has(other) - has(one));
  const shares = fullestFirst.map((group, index) => {
    const share = Math.floor(total / groups.length) + (index < total % groups.length ? 1 : 0);
    const [only] = group;
    return key === undefined && only ? new Map([[only.ID, share]]) : spreadOver(group, share, keys, counts);
  });
  return new Map(shares.flatMap((share) => [...share]));
}

/** Nodes without the label are a group of their own, as the scheduler has it. */
function groupsBy(nodes: readonly PlacementNode[], key: string): PlacementNode[][] {
  return [...Map.groupBy(nodes, (node) => factOf(node, key) ?? '').values()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
