import { expect, test } from 'vitest';
import type { Placement } from './engine-spec.ts';
import { isEligible, type PlacementNode } from './placement.ts';
import { unevenServices } from './spread.ts';

function node(
  ID: string,
  change: { zone?: string; role?: string; availability?: string; state?: string } = {},
): PlacementNode {
  const { zone, role = 'worker', availability = 'active', state = 'ready' } = change;
  return {
    ID,
    Spec: { Role: role, Availability: availability, Labels: zone === undefined ? {} : { zone } },
    Description: {
      Hostname: `host-${ID}`,
      Platform: { Architecture: 'x86_64', OS: 'linux' },
      Engine: { Labels: { gpu: 'Yes' } },
    },
    Status: { State: state },
  };
}

const three = [node('a'), node('b'), node('c')];

/** `a 2→1` of each node that would have another number of tasks. */
function movesOf(nodes: PlacementNode[], taskNodes: string[], placement?: Placement): string[] {
  const uneven = unevenServices(nodes, [{ name: 'web', placement, taskNodes }]);
  return uneven.flatMap((service) =>
    service.nodes.flatMap(({ node: name, tasks, wanted }) =>
      tasks === wanted ? [] : [`${name.replace('host-', '')} ${tasks}→${wanted}`],
    ),
  );
}

test.each<[string[], string[]]>([
  [[], []],
  [['a'], []],
  [['a', 'b'], []],
  [['a', 'b', 'c', 'c'], []],
  [
    ['a', 'a'],
    ['a 2→1', 'b 0→1'],
  ],
  [
    ['a', 'a', 'b'],
    ['a 2→1', 'c 0→1'],
  ],
  [
    ['a', 'a', 'a', 'b', 'b', 'b'],
    ['a 3→2', 'b 3→2', 'c 0→2'],
  ],
])('tasks on %j need the moves %j', (tasks, moves) => {
  expect(movesOf(three, tasks)).toEqual(moves);
});

test('nodes that are drained, down or not allowed by a constraint are not counted', () => {
  const nodes = [
    node('a'),
    node('b', { availability: 'drain' }),
    node('c', { state: 'down' }),
    node('d', { role: 'manager' }),
  ];
  expect(movesOf(nodes, ['a', 'a', 'a'], { Constraints: ['node.role == worker'] })).toEqual([]);
  expect(movesOf(nodes, ['a', 'a', 'a'])).toEqual(['a 3→2', 'd 0→1']);
});

test('groups by the first preference get equal shares, then the nodes in them', () => {
  const zoned = [node('a', { zone: 'x' }), node('b', { zone: 'x' }), node('c', { zone: 'y' })];
  const spread: Placement = { Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.zone' } }] };
  expect(movesOf(zoned, ['a', 'b', 'c', 'c'], spread)).toEqual([]);
  expect(movesOf(zoned, ['a', 'a', 'b', 'c'], spread)).toEqual(['a 2→1', 'c 1→2']);
});

test.each<[string, boolean]>([
  ['node.role == worker', true],
  ['node.role==manager', false],
  ['node.role != manager', true],
  ['node.id == a', true],
  ['node.hostname == HOST-A', true],
  ['node.labels.zone == x', true],
  ['node.labels.other != x', true],
  ['node.labels.other == x', false],
  ['engine.labels.gpu == yes', true],
  ['node.platform.os == linux', true],
])('constraint %s: %s', (constraint, met) => {
  expect(isEligible(node('a', { zone: 'x' }), { Constraints: [constraint] })).toBe(met);
});

test.each<[Placement['Platforms'], boolean]>([
  [[{ Architecture: 'amd64', OS: 'linux' }], true],
  [[{ Architecture: 'arm64', OS: 'linux' }, { OS: 'linux' }], true],
  [[{ Architecture: 'arm64', OS: 'linux' }], false],
  [[{ OS: 'windows' }], false],
])('platforms %j: %s', (Platforms = [], fits) => {
  expect(isEligible(node('a'), { Platforms })).toBe(fits);
});
