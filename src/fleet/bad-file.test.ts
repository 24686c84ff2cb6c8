import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureFolder } from './fixture-folder.ts';
import { loadFleet } from './load.ts';
import { correct, nameRule, refusal } from './refused-file.ts';

const fine = 'fleet: shop\nclusters: { a: {} }\n';

test.each<[string, string, string, string?]>([
  [
    'a text',
    'shop\n',
    'swarmctl.yaml:1:1: expected a map with the keys fleet, target, engine, state, defaults, clusters, apps, bench, secrets, configs, rollout, keep, notify, drift, aws, link, global, found "shop"',
  ],
  [
    'a second document',
    `${fine}---\n${fine}`,
    'swarmctl.yaml:4:1: a second YAML document starts here, expected one',
    'Remove the line ---, or write one file per fleet.',
  ],
  [
    'an alias without an anchor',
    'fleet: shop\nclusters:\n  a: *nowhere\n',
    'swarmctl.yaml:3:6: there is no anchor &nowhere for this alias',
  ],
  ['an alias bomb', aliasBomb(), 'swarmctl.yaml:9:40: the aliases up to here repeat too much of the file'],
  [
    'a crowd of aliases',
    `a: &a 1\nb: [${'*a, '.repeat(1001)}]\n`,
    'swarmctl.yaml:2:4005: the aliases up to here repeat too much of the file',
  ],
  [
    'an anchor within itself',
    'fleet: shop\nclusters: &all { a: *all }\n',
    'swarmctl.yaml:2:18: unknown key "a" in clusters.a',
    'Known keys: region, managers, workers, drain-managers, autolock, labels, env, overrides, limits, nodes, daemon, remove-engine, instance-type, ssh-cidrs, subnets, nat, load-balancer, cidr, engine.',
  ],
  [
    'a tab',
    'fleet: shop\nclusters:\n\ta: {}\n',
    'swarmctl.yaml:3:1: this is not valid YAML: Tabs are not allowed as indentation',
  ],
  [
    'a bracket left open',
    'fleet: [shop\nclusters: { a: {} }\n',
    'swarmctl.yaml:2:1: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    'an unknown tag',
    'fleet: !secret shop\nclusters: { a: {} }\n',
    'swarmctl.yaml:1:8: this is not valid YAML: Unresolved tag: !secret',
  ],
])('%s', async (_, text, message, hint = correct) => {
  const error = await refusal(text);
  expect({ message: error.message, details: error.details }).toEqual({ message, details: [] });
  expect(error.hint).toBe(hint);
});

test.each([
  ['CRLF', '\r\n', ''],
  ['a byte order mark', '\n', '\uFEFF'],
])('lines and columns are right with %s', async (_, newline, mark) => {
  const text = `${mark}feet: shop\nclusters: { a: { managers: 2 } }\n`.replaceAll('\n', newline);
  expect((await refusal(text)).details).toEqual([
    `swarmctl.yaml:1:1: fleet: expected ${nameRule}, it is missing`,
    'swarmctl.yaml:1:1: unknown key "feet". Did you mean "fleet"?',
    'swarmctl.yaml:2:28: clusters.a.managers: expected an odd number of managers from 1 to 7, found the number 2',
  ]);
});

test('all problems are told at once, in the order of the lines', async () => {
  const error = await refusal(
    'fleet: Shop\nengine: 24\nclusters: { a: { worker: 1 } }\napps: [b.yaml]\nengin: 26\n',
  );
  expect(error.message).toBe('swarmctl.yaml has 5 errors');
  expect(error.hint).toBe(correct);
  expect(error.details).toEqual([
    `swarmctl.yaml:1:8: fleet: expected ${nameRule}, found "Shop"`,
    'swarmctl.yaml:2:9: engine: expected a Docker Engine version of 25 or newer, such as "26" or "26.1.5", found the number 24',
    'swarmctl.yaml:3:18: unknown key "worker" in clusters.a. Did you mean "workers"?',
    'swarmctl.yaml:4:8: apps: expected a compose file at "b.yaml", found none',
    'swarmctl.yaml:5:1: unknown key "engin". Did you mean "engine"?',
  ]);
});

test('no more than ten problems are shown', async () => {
  const clusters = Array.from({ length: 12 }, (_, index) => `  c${index}: { managers: 2 }\n`).join('');
  const error = await refusal(`fleet: shop\nclusters:\n${clusters}`);
  expect(error.message).toBe('swarmctl.yaml has 12 errors');
  expect(error.details).toHaveLength(11);
  expect(error.details.at(-1)).toBe('and 2 more');
});

test.each([
  ['an empty file', '', 'swarmctl.yaml is empty, expected a fleet with its clusters'],
  ['a file of comments', '# fleet: shop\n', 'swarmctl.yaml is empty, expected a fleet with its clusters'],
])('%s', async (_, text, message) => {
  const error = await refusal(text);
  expect(error.message).toBe(message);
  expect(error.hint).toBe('Start from the file that `swarmctl init` writes.');
});

test('a file that is not text', async () => {
  const error = await refusal(Buffer.from('\uFEFFfleet: shop\n', 'utf16le'));
  expect(error.message).toBe('swarmctl.yaml is not text in UTF-8');
  expect(error.hint).toBe('Save it as UTF-8.');
});

test('a file that is far too large', async () => {
  const error = await refusal('#'.repeat(512 * 1024 + 1));
  expect(error.message).toBe('swarmctl.yaml is larger than 512 KB, so it is no fleet file');
  expect(error.hint).toBe('Give --file or SWARMCTL_FILE the path of a fleet file.');
});

test('a file that is nested too deeply', async () => {
  const error = await refusal(`fleet: ${'['.repeat(20_000)}`);
  expect(error.message).toMatch(/^swarmctl\.yaml:1:\d+: this is not valid YAML: it is nested too deeply$/);
});

test('a file elsewhere is shown with its whole path', async () => {
  const directory = await fixtureFolder({ 'prod.yaml': 'fleet: shop\nclusters: {}\n', 'sub/x': '' });
  const file = join('..', 'prod.yaml');
  const load = loadFleet({ directory: join(directory, 'sub'), file, env: {}, isTerminal: true });
  await expect(load).rejects.toMatchObject({
    message: `${join(directory, 'prod.yaml')}:2:11: clusters: expected 1 to 64 clusters, found 0`,
  });
});

/** Nine lines that would be 9⁹ items. */
function aliasBomb(): string {
  const letters = [...'abcdefghi'];
  const lines = letters.map((letter, index) => {
    const item = index === 0 ? 'lol' : `*${letters[index - 1]}`;
    return `${letter}: &${letter} [${Array(9).fill(item).join(', ')}]`;
  });
  return `${lines.join('\n')}\n`;
}
