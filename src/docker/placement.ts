import type { Placement } from './engine-spec.ts';

/** A node as the Engine API gives it, as far as the scheduler looks at it. */
export interface PlacementNode {
  ID: string;
  Spec: { Role: string; Availability: string; Labels?: Record<string, string> };
  Description: {
    Hostname: string;
    Platform?: { Architecture?: string; OS?: string };
    Engine?: { Labels?: Record<string, string> };
  };
  Status: { State: string };
}

/** Whether a service's tasks may be placed on a node, as far as its placement says. */
export function isEligible(
  node: PlacementNode,
  { Constraints = [], Platforms = [] }: Placement = {},
): boolean {
  const { Spec, Status } = node;
  if (Spec.Availability !== 'active' || Status.State !== 'ready') return false;
  return Constraints.every((constraint) => isMet(node, constraint)) && runsOn(node, Platforms);
}

/** `node.labels.disk == ssd`, `node.role != manager` (swarmkit manager/constraint). Case does not count in values. */
function isMet(node: PlacementNode, constraint: string): boolean {
  const [, key = '', operator, value = ''] = /^\s*(\S+?)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
  if (operator === undefined) return true;
  const isEqual = (factOf(node, key) ?? '').toLowerCase() === value.toLowerCase();
  return operator === '==' ? isEqual : !isEqual;
}

/** What a constraint or a preference calls `node.…` or `engine.…`. */
export function factOf({ ID, Spec, Description }: PlacementNode, key: string): string | undefined {
  const [, nodeLabel] = /^node\.labels\.(.+)$/.exec(key) ?? [];
  if (nodeLabel !== undefined) return Spec.Labels?.[nodeLabel];
  const [, engineLabel] = /^engine\.labels\.(.+)$/.exec(key) ?? [];
  if (engineLabel !== undefined) return Description.Engine?.Labels?.[engineLabel];
  const { Architecture, OS } = Description.Platform ?? {};
  const facts: Record<string, string | undefined> = {
    'node.id': ID,
    'node.hostname': Description.Hostname,
    'node.role': Spec.Role,
    'node.platform.arch': Architecture,
    'node.platform.os': OS,
  };
  return facts[key];
}

/** The engine says `x86_64`, an image `amd64`: both are taken for the same, as the scheduler does. */
const sameArchitecture: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' };

function runsOn({ Description }: PlacementNode, platforms: NonNullable<Placement['Platforms']>): boolean {
  if (platforms.length === 0) return true;
  const normal = (architecture = '') => sameArchitecture[architecture] ?? architecture;
  const { Architecture, OS } = Description.Platform ?? {};
  return platforms.some(
    (platform) =>
      (!platform.OS || platform.OS === OS) &&
      (!platform.Architecture || normal(platform.Architecture) === normal(Architecture)),
  );
}
