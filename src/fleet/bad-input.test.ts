import { expect, test } from 'vitest';
import { correct, nameRule, refusal } from './refused-file.ts';

const fine = 'fleet: shop\nclusters: { a: {} }\n';
const withCluster = (text: string) => `fleet: shop\nclusters:\n  a: ${text}\n`;

const names: [string, string, string, string?][] = [
  '..',
  '../x',
  'a/b',
  '-a',
  'a-',
  'A',
  'a b',
  'a'.repeat(41),
].map((name) => [
  `a cluster named ${name}`,
  `fleet: shop\nclusters:\n  "${name}": {}\n`,
  `swarmctl.yaml:3:3: expected ${nameRule}, found "${name}"`,
]);

const oneProblem: [string, string, string, string?][] = [
  ...names,
  [
    'an empty cluster name',
    'fleet: shop\nclusters: { "": {} }\n',
    `swarmctl.yaml:2:13: expected ${nameRule}, found ""`,
  ],
  [
    'a cluster named twice',
    'fleet: shop\nclusters:\n  a: {}\n  b: {}\n  "a": {}\n',
    'swarmctl.yaml:5:3: the key "a" is written twice, first on line 3',
  ],
  [
    'a cluster named twice, once as a number',
    'fleet: shop\nclusters:\n  1: {}\n  "1": {}\n',
    'swarmctl.yaml:4:3: the key "1" is written twice, first on line 3',
  ],
  ['a list for a key', `${fine}? [a]\n: 1\n`, 'swarmctl.yaml:3:3: expected a key, found what cannot be one'],
  [
    '__proto__',
    withCluster('{ __proto__: 1 }'),
    'swarmctl.yaml:3:8: expected a key, found what cannot be one',
  ],
  [
    'constructor',
    `${fine}constructor: 1\n`,
    'swarmctl.yaml:3:1: unknown key "constructor"',
    'Known keys: fleet, target, engine, state, defaults, clusters, apps, bench, secrets, configs, rollout, keep, notify, drift, aws, link, global.',
  ],
  ['no fleet', 'clusters: { a: {} }\n', `swarmctl.yaml:1:1: fleet: expected ${nameRule}, it is missing`],
  [
    'a fleet that is a number',
    'fleet: 12\nclusters: { a: {} }\n',
    `swarmctl.yaml:1:8: fleet: expected ${nameRule}, found the number 12`,
  ],
  [
    'a fleet with a path',
    'fleet: ../shop\nclusters: { a: {} }\n',
    `swarmctl.yaml:1:8: fleet: expected ${nameRule}, found "../shop"`,
  ],
  [
    'no clusters',
    'fleet: shop\n',
    'swarmctl.yaml:1:1: clusters: expected a map of clusters such as { us-east-1: {} }, it is missing',
  ],
  [
    'clusters without a value',
    'fleet: shop\nclusters:\n',
    'swarmctl.yaml:2:10: clusters: expected a map of clusters such as { us-east-1: {} }, found nothing',
  ],
  [
    'clusters as a list',
    'fleet: shop\nclusters: [a, b]\n',
    'swarmctl.yaml:2:11: clusters: expected a map of clusters such as { us-east-1: {} }, found a list',
  ],
  [
    '0 clusters',
    'fleet: shop\nclusters: {}\n',
    'swarmctl.yaml:2:11: clusters: expected 1 to 64 clusters, found 0',
  ],
  [
    '65 clusters',
    `fleet: shop\nclusters: { ${Array.from({ length: 65 }, (_, index) => `c${index}`).join(', ')} }\n`,
    'swarmctl.yaml:2:11: clusters: expected 1 to 64 clusters, found 65',
  ],
  ...['0', '2', '9', '-1', '1.5', '"3"', 'true', ''].map((managers): [string, string, string] => [
    `managers: ${managers}`,
    withCluster(`\n    managers: ${managers}`),
    `swarmctl.yaml:4:15: clusters.a.managers: expected an odd number of managers from 1 to 7, found ${foundText(managers)}`,
  ]),
  ...['-1', '101', '1.5', 'many', '[1]'].map((workers): [string, string, string] => [
    `workers: ${workers}`,
    `${fine}defaults: { workers: ${workers} }\n`,
    `swarmctl.yaml:3:22: defaults.workers: expected a whole number of workers from 0 to 100, found ${foundText(workers)}`,
  ]),
  ...['24', '"24.0.9"', '"26.1"', 'v26', '26.1', 'latest', '{}'].map((engine): [string, string, string] => [
    `engine: ${engine}`,
    `${fine}engine: ${engine}\n`,
    `swarmctl.yaml:3:9: engine: expected a Docker Engine version of 25 or newer, such as "26" or "26.1.5", found ${foundText(engine)}`,
  ]),
  ...['512', '512K', '0M', '1 G'].map((memory): [string, string, string] => [
    `memory: ${memory}`,
    withCluster(`{ limits: { memory: ${memory} } }`),
    `swarmctl.yaml:3:26: clusters.a.limits.memory: expected a memory size in M or G, such as 512M or 2G, found ${foundText(memory)}`,
  ]),
  ...['0', '-1', '.inf', '.nan', 'two'].map((cpus): [string, string, string] => [
    `cpus: ${cpus}`,
    withCluster(`{ limits: { cpus: ${cpus} } }`),
    `swarmctl.yaml:3:24: clusters.a.limits.cpus: expected a number of CPUs, 0.1 or more, found ${foundText(cpus)}`,
  ]),
  [
    'an unknown target',
    `${fine}target: moon\n`,
    'swarmctl.yaml:3:9: target: expected local, hosts or aws, found "moon"',
  ],
  [
    'a state that is no URL',
    `${fine}state: my-bucket\n`,
    'swarmctl.yaml:3:8: state: expected the URL of a Pulumi backend, such as s3://my-bucket, found "my-bucket"',
  ],
  [
    'a later key of a cluster',
    withCluster('{ secrets: {} }'),
    'swarmctl.yaml:3:8: clusters.a.secrets is not supported yet in this version',
    'Remove it for now.',
  ],
  [
    'a misspelt key',
    `${fine}engin: "26"\n`,
    'swarmctl.yaml:3:1: unknown key "engin"',
    'Did you mean "engine"?',
  ],
  [
    'a misspelt key of a cluster',
    withCluster('\n    manager: 3'),
    'swarmctl.yaml:4:5: unknown key "manager" in clusters.a',
    'Did you mean "managers"?',
  ],
  [
    'a misspelt key of limits',
    `${fine}defaults: { limits: { memroy: 1G } }\n`,
    'swarmctl.yaml:3:23: unknown key "memroy" in defaults.limits',
    'Did you mean "memory"?',
  ],
  [
    'a key like no other',
    `${fine}bench: { budget: { colour: red } }\n`,
    'swarmctl.yaml:3:20: unknown key "colour" in bench.budget',
    'Known keys: p50, p99, loss, throughput, paths, pairs.',
  ],
  [
    'a merge key',
    withCluster('&a {}\n  b: { <<: *a }'),
    'swarmctl.yaml:4:8: unknown key "<<" in clusters.b',
    'Known keys: region, managers, workers, drain-managers, autolock, labels, env, overrides, limits, nodes, daemon, remove-engine, instance-type, ssh-cidrs, subnets, nat, load-balancer, cidr, engine.',
  ],
  [
    'a cluster that is a number',
    withCluster('3'),
    'swarmctl.yaml:3:6: clusters.a: expected a map with the keys region, managers, workers, drain-managers, autolock, labels, env, overrides, limits, nodes, daemon, remove-engine, instance-type, ssh-cidrs, subnets, nat, load-balancer, cidr, engine, found the number 3',
  ],
  [
    'a region with a slash',
    withCluster('{ region: a/b }'),
    `swarmctl.yaml:3:16: clusters.a.region: expected ${nameRule}, found "a/b"`,
  ],
  [
    'env as a list',
    withCluster('{ env: [A=1] }'),
    'swarmctl.yaml:3:13: clusters.a.env: expected a map of variables such as { GREETING: hello }, found a list',
  ],
  [
    'a variable without a value',
    withCluster('{ env: { A: } }'),
    'swarmctl.yaml:3:18: clusters.a.env.A: expected a text, a number, true or false, found nothing',
  ],
  [
    'a variable with a hyphen',
    withCluster('{ env: { a-b: 1 } }'),
    'swarmctl.yaml:3:15: expected a variable name such as GREETING, found "a-b"',
  ],
  [
    'apps as a map',
    `${fine}apps: {}\n`,
    'swarmctl.yaml:3:7: apps: expected a compose file or a list of them, found a map',
  ],
  [
    'an app that is a number',
    `${fine}apps: [3]\n`,
    'swarmctl.yaml:3:8: apps[0]: expected the path of a compose file, found the number 3',
  ],
  [
    'an app without a name',
    `${fine}apps: [""]\n`,
    'swarmctl.yaml:3:8: apps[0]: expected the path of a compose file, found ""',
  ],
  [
    'a missing app',
    `${fine}apps: [nowhere.yaml]\n`,
    'swarmctl.yaml:3:8: apps: expected a compose file at "nowhere.yaml", found none',
  ],
  [
    'a missing override',
    withCluster('{ overrides: [folder/compose.yaml, nowhere.yaml] }'),
    'swarmctl.yaml:3:41: clusters.a.overrides: expected a compose file at "nowhere.yaml", found none',
  ],
  [
    'a folder for an app',
    `${fine}apps: folder\n`,
    'swarmctl.yaml:3:7: apps: expected a compose file at "folder", found a folder or a device',
  ],
  [
    'node names above 63 characters',
    `fleet: ${'f'.repeat(40)}\nclusters: { ${'a'.repeat(13)}: {} }\n`,
    `swarmctl.yaml:2:13: the node name ${'f'.repeat(40)}-${'a'.repeat(13)}-manager-1 would be 1 characters too long`,
    'Shorten the name of the fleet or of the cluster by 1.',
  ],
];

test.each(oneProblem)('%s', async (_, text, message, hint = correct) => {
  const error = await refusal(text);
  expect({ message: error.message, details: error.details }).toEqual({ message, details: [] });
  expect(error.hint).toBe(hint);
});

/** How the messages show a value, given as it stands in the YAML of a case. */
function foundText(yaml: string): string {
  const words: Record<string, string> = {
    '': 'nothing',
    true: 'true',
    '{}': 'a map',
    '[1]': 'a list',
    '.inf': 'the number Infinity',
    '.nan': 'the number NaN',
  };
  if (words[yaml] !== undefined) return words[yaml];
  if (yaml.startsWith('"')) return yaml;
  return Number.isNaN(Number(yaml)) ? `"${yaml}"` : `the number ${Number(yaml)}`;
}
