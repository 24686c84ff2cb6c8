import { expect, test } from 'vitest';
import { fixtureFolder } from './fixture-folder.ts';
import { loadFleet } from './load.ts';
import { correct, refusal } from './refused-file.ts';

const fleet = 'fleet: shop\nclusters: { us-east-1: { managers: 1 }, eu-west-1: {} }\n';

async function budgetOf(text: string) {
  const directory = await fixtureFolder({ 'swarmctl.yaml': `${fleet}bench: { budget: ${text} }\n` });
  return (await loadFleet({ directory, env: {}, isTerminal: true })).bench.budget;
}

test('a p99 alone', async () => {
  expect(await budgetOf('{ p99: 150ms }')).toEqual({ p99: 150_000, paths: {}, pairs: [] });
});

test('limits of all, of a path, of pairs of clusters and of nodes', async () => {
  const text = `{ p50: 2ms, loss: 0.1%, throughput: 1.5Gbit, paths: { host: { p50: 900us } }, pairs: [
    { between: [us-east-1, eu-west-1], p99: 90ms, loss: 1% },
    { between: [shop-us-east-1-manager-1, shop-eu-west-1-manager-3], throughput: 500Mbit } ] }`;
  expect(await budgetOf(text)).toEqual({
    p50: 2_000,
    loss: 0.001,
    throughput: 1.5e9,
    paths: { host: { p50: 900 } },
    pairs: [
      { between: ['us-east-1', 'eu-west-1'], p99: 90_000, loss: 0.01 },
      { between: ['shop-us-east-1-manager-1', 'shop-eu-west-1-manager-3'], throughput: 5e8 },
    ],
  });
});

const durationRule = 'a duration with its unit, such as 150ms or 1.5s';
const shareRule = 'a share in percent, such as 0.1%';
const throughputRule = 'a throughput in Kbit, Mbit or Gbit a second, such as 500Mbit';

const wrongLimits: [string, string, string, string][] = [
  ...['fast', '0ms', '0.0s', '-5ms', '1e3ms', '150m', '5%', 'NaNms'].map((value) =>
    limit('p99', value, durationRule),
  ),
  limit('p50', '150', durationRule, 'the number 150'),
  limit('p99', '.nan', durationRule, 'the number NaN'),
  limit('p99', '.inf', durationRule, 'the number Infinity'),
  limit('p99', '0', durationRule, 'the number 0'),
  limit('p99', '-1', durationRule, 'the number -1'),
  ...['101%', '100.1%', '-1%', '1ms', 'none'].map((value) => limit('loss', value, shareRule)),
  limit('loss', '0.1', shareRule, 'the number 0.1'),
  ...['0Mbit', '-1Gbit', '500', '500MB', '1Gbps'].map((value) =>
    limit('throughput', value, throughputRule, value === '500' ? 'the number 500' : undefined),
  ),
];

function limit(
  key: string,
  value: string,
  rule: string,
  found = `"${value}"`,
): [string, string, string, string] {
  const expected = `swarmctl.yaml:3:${22 + key.length}: bench.budget.${key}: expected ${rule}, found ${found}`;
  return [`${key}: ${value}`, `{ ${key}: ${value} }`, expected, correct];
}

const pairsRule = 'two names of clusters or nodes, such as [us-east-1, eu-west-1]';

test.each([
  ...wrongLimits,
  [
    'a limit of a path',
    '{ paths: { host: { p99: 5 } } }',
    `swarmctl.yaml:3:42: bench.budget.paths.host.p99: expected ${durationRule}, found the number 5`,
    correct,
  ],
  [
    'an unknown path',
    '{ paths: { underlay: {} } }',
    'swarmctl.yaml:3:29: unknown key "underlay" in bench.budget.paths',
    'Known keys: host, overlay.',
  ],
  [
    'a misspelt limit of a pair',
    '{ pairs: [{ between: [us-east-1, eu-west-1], thruput: 1Gbit }] }',
    'swarmctl.yaml:3:63: unknown key "thruput" in bench.budget.pairs[0]',
    'Known keys: between, p50, p99, loss, throughput.',
  ],
  [
    'a pair of three',
    '{ pairs: [{ between: [a, b, c] }] }',
    `swarmctl.yaml:3:39: bench.budget.pairs[0].between: expected ${pairsRule}, found 3`,
    correct,
  ],
  [
    'a pair without names',
    '{ pairs: [{ p99: 5ms }] }',
    `swarmctl.yaml:3:28: bench.budget.pairs[0].between: expected ${pairsRule}, it is missing`,
    correct,
  ],
  [
    'a pair of an unknown cluster',
    '{ pairs: [{ between: [us-east-1, eu-wets-1] }] }',
    'swarmctl.yaml:3:51: bench.budget.pairs[0].between: no cluster and no node is named "eu-wets-1"',
    'Did you mean "eu-west-1"?',
  ],
  [
    'a pair of a node that is too many',
    '{ pairs: [{ between: [shop-us-east-1-manager-2, us-east-1] }] }',
    'swarmctl.yaml:3:40: bench.budget.pairs[0].between: no cluster and no node is named "shop-us-east-1-manager-2"',
    'Did you mean "shop-us-east-1-manager-1"?',
  ],
])('%s is refused', async (_, text, message, hint) => {
  const error = await refusal(`${fleet}bench: { budget: ${text} }\n`);
  expect({ message: error.message, details: error.details, hint: error.hint }).toEqual({
    message,
    details: [],
    hint,
  });
});
