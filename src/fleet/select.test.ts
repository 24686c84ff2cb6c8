import { expect, test } from 'vitest';
import type { Fleet } from './model.ts';
import { type Selection, selectClusters } from './select.ts';
import { splitNames } from './split-names.ts';

const fleet: Fleet = {
  name: 'shop',
  target: 'local',
  directory: '/shop',
  engine: '26',
  clusters: [
    ['us-east-1', 'us-east-1'],
    ['blue', 'eu-west-1'],
    ['green', 'eu-west-1'],
  ].map(([name = '', region = '']) => ({
    name,
    region,
    managers: 3,
    workers: 0,
    drainManagers: false,
    autolock: false,
    overrides: [],
    labels: {},
    env: {},
  })),
  apps: [],
  bench: { budget: { paths: {}, pairs: [] } },
  secrets: [],
  configs: [],
  keep: 3,
};

function selected(selection: Selection, env: NodeJS.ProcessEnv = {}): string[] {
  return selectClusters(fleet, selection, env).map(({ name }) => name);
}

test.each<[Selection, string[]]>([
  [{}, ['us-east-1', 'blue', 'green']],
  [{ regions: ['eu-west-1'] }, ['blue', 'green']],
  [{ regions: ['eu-west-1', 'us-east-1', 'eu-west-1'] }, ['us-east-1', 'blue', 'green']],
  [{ clusters: ['green', 'green'] }, ['green']],
  [{ regions: ['eu-west-1'], clusters: ['us-east-1', 'blue'] }, ['blue']],
])('%j', (selection, names) => {
  expect(selected(selection)).toEqual(names);
});

test('the environment selects, and flags beat it', () => {
  const env = { SWARMCTL_REGIONS: 'us-east-1', SWARMCTL_CLUSTERS: '' };
  expect(selected({}, env)).toEqual(['us-east-1']);
  expect(selected({ regions: ['eu-west-1'] }, env)).toEqual(['blue', 'green']);
  expect(selected({}, { SWARMCTL_CLUSTERS: 'blue, green' })).toEqual(['blue', 'green']);
});

test.each<[Selection, NodeJS.ProcessEnv, string, string]>([
  [
    { regions: ['us-est-1'] },
    {},
    '--regions: unknown region "us-est-1"',
    'Did you mean us-east-1? The regions of this fleet: us-east-1, eu-west-1',
  ],
  [
    { clusters: ['purple', 'bleu'] },
    {},
    '--clusters: unknown clusters "purple", "bleu"',
    'Did you mean blue? The clusters of this fleet: us-east-1, blue, green',
  ],
  [
    {},
    { SWARMCTL_CLUSTERS: 'mars' },
    'SWARMCTL_CLUSTERS: unknown cluster "mars"',
    'The clusters of this fleet: us-east-1, blue, green',
  ],
  [
    { clusters: [''] },
    {},
    '--clusters has an empty name: ""',
    'Separate the names by single commas: --clusters us-east-1,eu-west-1',
  ],
  [
    { regions: ['us-east-1'], clusters: ['blue'] },
    {},
    'none of --clusters blue is in --regions us-east-1',
    'Give one of the two, or names that belong together.',
  ],
])('refused: %j %j', (selection, env, message, hint) => {
  expect(() => selected(selection, env)).toThrow(expect.objectContaining({ code: 'usage', message, hint }));
});

test('names are split at commas, and empty ones stay to be refused', () => {
  expect(splitNames('a, b,,c')).toEqual(['a', 'b', '', 'c']);
});
