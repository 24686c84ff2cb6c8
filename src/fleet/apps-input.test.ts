import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureFolder } from './fixture-folder.ts';
import { loadFleet } from './load.ts';
import { correct, refusal } from './refused-file.ts';

const fine = 'fleet: shop\nclusters: { a: {}, b: {}, c: {} }\n';

async function load(text: string) {
  const directory = await fixtureFolder({ 'swarmctl.yaml': `${fine}${text}` });
  return { directory, fleet: await loadFleet({ directory, env: {}, isTerminal: true }) };
}

describe('sources', () => {
  test('each kind, with its place and its age', async () => {
    const { directory, fleet } = await load(
      `secrets:
  one: { env: ONE, max-age: 90d }
  two: { file: two.txt }
  three: { command: "pass show three" }
  four: { command: [pass, show, four] }
  five: { aws-secret: shop/five }
  six: { aws-secret: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:six-AbCdEf", key: password }
  seven: { aws-secret: seven, region: us-gov-west-1, version: AWSPREVIOUS }
configs:
  page: { command: "date | cat" }
`,
    );
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:six-AbCdEf';
    const aws = [
      { id: 'shop/five' },
      { id: arn, region: 'eu-west-1', key: 'password' },
      { id: 'seven', region: 'us-gov-west-1', version: 'AWSPREVIOUS' },
    ];
    expect(fleet.secrets).toEqual([
      { name: 'one', source: { env: 'ONE' }, at: 'swarmctl.yaml:4:8', maxAgeMs: 90 * 86_400_000 },
      { name: 'two', source: { file: join(directory, 'two.txt') }, at: 'swarmctl.yaml:5:8' },
      { name: 'three', source: { command: ['/bin/sh', '-c', 'pass show three'] }, at: 'swarmctl.yaml:6:10' },
      { name: 'four', source: { command: ['pass', 'show', 'four'] }, at: 'swarmctl.yaml:7:9' },
      { name: 'five', source: { awsSecret: aws[0] }, at: 'swarmctl.yaml:8:9' },
      { name: 'six', source: { awsSecret: aws[1] }, at: 'swarmctl.yaml:9:8' },
      { name: 'seven', source: { awsSecret: aws[2] }, at: 'swarmctl.yaml:10:10' },
    ]);
    expect(fleet.configs.map(({ name }) => name)).toEqual(['page']);
    expect(fleet.keep).toBe(3);
  });
});

describe('a rollout', () => {
  test('goes from cluster to cluster and stops, where nothing is said', async () => {
    const { fleet } = await load('rollout: {}\n');
    expect(fleet.rollout).toEqual({ order: ['a', 'b', 'c'], maxParallel: 1, onFailure: 'stop' });
  });

  test('has the clusters that it does not name last, in the order of the file', async () => {
    const { fleet } = await load(
      'rollout: { order: [c], max-parallel: 2, canary: { soak: 5m }, on-failure: rollback }\nkeep: 0\n',
    );
    expect(fleet.rollout).toEqual({
      order: ['c', 'a', 'b'],
      maxParallel: 2,
      canary: { soakMs: 300_000 },
      onFailure: 'rollback',
    });
    expect(fleet.keep).toBe(0);
  });

  test('is none without the key', async () => {
    expect((await load('')).fleet.rollout).toBeUndefined();
  });
});

test.each<[string, string, string, string?]>([
  [
    'a key of a JSON map that there is none of',
    `${fine}secrets: { token: { file: token.json, key: token } }\n`,
    'swarmctl.yaml:3:44: secrets.token.key: only aws-secret has it',
  ],
  [
    'another region than the ARN has',
    `${fine}secrets: { token: { aws-secret: "arn:aws:secretsmanager:eu-west-1:1:secret:t", region: us-east-1 } }\n`,
    'swarmctl.yaml:3:88: secrets.token.region: expected eu-west-1 as in the ARN, or nothing, found "us-east-1"',
  ],
  [
    'a region that can be none',
    `${fine}secrets: { token: { aws-secret: token, region: Ireland } }\n`,
    'swarmctl.yaml:3:48: secrets.token.region: expected a region of AWS such as eu-west-1, found "Ireland"',
  ],
  [
    'a secret without a source',
    `${fine}secrets: { token: {} }\n`,
    'swarmctl.yaml:3:19: secrets.token: expected one of env, file, command, aws-secret, found none',
  ],
  [
    'a config with two sources',
    `${fine}configs: { page: { env: PAGE, file: page.txt } }\n`,
    'swarmctl.yaml:3:18: configs.page: expected one of env, file, command, aws-secret, found env and file',
  ],
  [
    'a variable that can be none',
    `${fine}secrets: { token: { env: MY TOKEN } }\n`,
    'swarmctl.yaml:3:26: secrets.token.env: expected the name of an environment variable, such as DB_PASSWORD, found "MY TOKEN"',
  ],
  [
    'an age without a unit',
    `${fine}secrets: { token: { env: TOKEN, max-age: 90 } }\n`,
    'swarmctl.yaml:3:42: secrets.token.max-age: expected an age in m, h or d, such as 90d, found the number 90',
  ],
  [
    'a cluster that is none in the order of a rollout',
    `${fine}rollout: { order: [d] }\n`,
    'swarmctl.yaml:3:20: rollout.order: there is no cluster "d"',
    'Did you mean "a"?',
  ],
  [
    'a cluster that stands twice in the order of a rollout',
    `${fine}rollout: { order: [a, a] }\n`,
    'swarmctl.yaml:3:23: rollout.order: the cluster "a" stands there twice',
  ],
  [
    'no cluster at a time',
    `${fine}rollout: { max-parallel: 0 }\n`,
    'swarmctl.yaml:3:26: rollout.max-parallel: expected a whole number of clusters, 1 or more, found the number 0',
  ],
  [
    'a canary without a time',
    `${fine}rollout: { canary: {} }\n`,
    'swarmctl.yaml:3:12: rollout.canary.soak: expected a time in s, m or h, such as 5m, it is missing',
  ],
  [
    'an unknown policy',
    `${fine}rollout: { on-failure: panic }\n`,
    'swarmctl.yaml:3:24: rollout.on-failure: expected stop, rollback, continue, found "panic"',
  ],
])('%s', async (_, text, message, hint = correct) => {
  const error = await refusal(text);
  expect({ message: error.message, details: error.details }).toEqual({ message, details: [] });
  expect(error.hint).toBe(hint);
});
