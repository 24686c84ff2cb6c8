import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ComposeReference, ensureComposeReference } from '../toolchain/compose-reference.ts';
import { createSetup } from '../toolchain/setup.ts';
import { testToolBuildMs } from '../toolchain/test-tool.ts';
import { composeKeys, forbiddenKeys, type Shape } from './keys.ts';
import { loadCompose } from './load.ts';
import { coveredKeys, type JsonSchema, schemaKeys } from './schema-keys.ts';
import { renderStack, type Stack } from './stack.ts';

/** What swarmctl renders, against what the docker client's own code makes of the same files. */

const fixtures = join(import.meta.dirname, 'fixtures');
const hello = join(import.meta.dirname, '../../examples/hello/compose.yaml');
const env = { GREETING: 'bonjour', EMPTY: '', FROM_SHELL: 'shell', HOME: '/home/somebody' };

/** `merge.yaml`, `merge.2.yaml` and `merge.3.yaml` are one case. */
const cases = Map.groupBy((await readdir(fixtures)).filter(isYaml).sort(inOrder), caseOf);
let reference: ComposeReference;

beforeAll(async () => {
  reference = await ensureComposeReference(createSetup({ onStep: () => {}, consent: async () => false }));
}, testToolBuildMs);

function isYaml(name: string): boolean {
  return name.endsWith('.yaml');
}

function caseOf(name: string): string {
  return name.replace(/(\.\d)?\.yaml$/, '');
}

/** Files of a case in the order of their numbers; the first one has none. */
function inOrder(a: string, b: string): number {
  return Number(/\d/.exec(a)?.[0] ?? 0) - Number(/\d/.exec(b)?.[0] ?? 0);
}

async function render(files: string[]): Promise<Stack> {
  const PATH = `${reference.bin}:${process.env.PATH}`;
  const compose = await loadCompose(files, { env: { ...env, PATH }, cluster: 'eu', region: 'eu-west-1' });
  return renderStack(compose, { stack: 'shop' });
}

test('there are at least thirty cases', () => {
  expect(cases.size).toBeGreaterThanOrEqual(30);
});

describe('the same objects as the docker client makes', () => {
  test.each([...cases.keys()])('of %s', async (name) => {
    const files = (cases.get(name) ?? []).map((file) => join(fixtures, file));
    expect(rendered(await render(files))).toEqual(await converted(files));
  });

  test('of the example', async () => {
    expect(rendered(await render([hello]))).toEqual(await converted([hello]));
  });
});

describe('the keys of compose files', () => {
  let schema: JsonSchema;

  beforeAll(async () => {
    schema = JSON.parse(await readFile(reference.schema, 'utf8'));
  });

  test('are each in one of the cases', async () => {
    const covered = new Set<string>();
    for (const file of [...cases.values()].flat()) {
      const text = await readFile(join(fixtures, file), 'utf8');
      for (const key of coveredKeys(schema, parse(text, { merge: true }))) covered.add(key);
    }
    expect([...schemaKeys(schema)].filter((key) => !covered.has(key))).toEqual([]);
  });

  test('are those of the schema, each with what becomes of it', () => {
    const known = keysOf(composeKeys);
    const inSchema = [...schemaKeys(schema)];
    const decided = (key: string) => known.has(key) || [...known].some((open) => key.startsWith(`${open}.`));
    expect(inSchema.filter((key) => !decided(key))).toEqual([]);
    // Read by the docker client from 28 on, though its schema does not name it.
    const unnamed = ['services.*.volumes.volume.subpath'];
    expect([...known].filter((key) => !inSchema.includes(key))).toEqual(unnamed);
  });

  test('are ignored and refused as by the docker client', async () => {
    const { stdout } = await execa(reference.command, ['properties']);
    const { unsupported, deprecated, forbidden } = JSON.parse(stdout);
    // That swarmctl builds images is a difference that is meant.
    expect(ignored('unsupported option')).toEqual(
      unsupported.filter((key: string) => key !== 'build').sort(),
    );
    expect(ignored('deprecated option')).toEqual(Object.keys(deprecated).sort());
    for (const [key, reason] of Object.entries(deprecated)) expect(serviceKeys[key]).toContain(reason);
    expect(Object.keys(forbiddenKeys).sort()).toEqual(Object.keys(forbidden).sort());
  });
});

const serviceKeys = (composeKeys.services as { '*': Shape })['*'];

function ignored(reason: string): string[] {
  return Object.keys(serviceKeys)
    .filter((key) => String(serviceKeys[key]).startsWith(reason))
    .sort();
}

/** The paths of all keys that have a name. */
function keysOf(shape: Shape, path: string[] = []): Set<string> {
  const keys = new Set<string>();
  for (const [key, below] of Object.entries(shape)) {
    const here = [...path, key];
    if (key !== '*') keys.add(here.join('.'));
    if (typeof below === 'object') for (const inner of keysOf(below, here)) keys.add(inner);
  }
  return keys;
}

/** The create requests that a stack stands for. */
function rendered(stack: Stack) {
  const files = (objects: Stack['configs']) =>
    objects.flatMap((object) => {
      if (object.external) return [];
      const { name, labels, data, driver, templating } = object;
      return [
        said({
          Name: name,
          Labels: labels,
          Data: data.toString('base64'),
          Driver: driver,
          Templating: templating,
        }),
      ];
    });
  return {
    networks: stack.networks.map(said).sort(byName),
    externalNetworks: stack.externalNetworks,
    configs: files(stack.configs),
    secrets: files(stack.secrets),
    services: stack.services.map(said),
  };
}

async function converted(files: string[]): Promise<ReturnType<typeof rendered>> {
  const { stdout } = await execa(reference.command, ['convert', 'shop', ...files], { env });
  const { networks, externalNetworks, configs, secrets, services } = JSON.parse(stdout);
  const named = Object.entries(networks).map(([Name, network]) => {
    // The docker client fills in the driver when it creates the network.
    const { Driver, ...rest } = network as { Driver: string };
    return said({ Name, Driver: Driver || 'overlay', ...rest });
  });
  return {
    networks: named.sort(byName),
    externalNetworks: externalNetworks.sort(),
    configs: configs.map(said).sort(byName),
    secrets: secrets.map(said).sort(byName),
    services: Object.values(services).map(said).sort(byName),
  };
}

function byName(a: unknown, b: unknown): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function nameOf(spec: unknown): string {
  return spec instanceof Object && 'Name' in spec ? String(spec.Name) : '';
}

/** Objects that say something by being there. */
const modes = new Set(['Replicated', 'Global', 'ReplicatedJob', 'GlobalJob', 'Runtime']);

/** What the user names in these may well be empty. */
const usersOwn = new Set(['Labels', 'Options', 'Sysctls', 'DriverOpts']);

/** Known only once the config or secret exists. */
const leftOut = new Set(['ConfigID', 'SecretID']);

/** The engine cannot tell these from nothing; elsewhere, as in `Replicas`, it can. */
const zeroIsUnset = new Set(['MaxFailureRatio', 'ForceUpdate']);
const falseIsSaid = new Set(['Init']);

/** By name, and the docker client has several references to one config in a random order. */
const unordered = new Set(['Configs', 'Secrets']);

function sorted(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  const byName = Map.groupBy(list, ({ ConfigName, SecretName }) => ConfigName ?? SecretName);
  return [...byName.values()].flatMap((same) =>
    same.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
}

/** A spec without its empty fields: the docker client writes some, and the engine takes them for missing. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (!(value instanceof Object)) return value;
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => [
    key,
    usersOwn.has(key) ? field : unordered.has(key) ? sorted(said(field)) : said(field),
  ]);
  return Object.fromEntries(entries.filter(([key, field]) => !leftOut.has(key) && !isEmpty(key, field)));
}

function isEmpty(key: string, field: unknown): boolean {
  if (field === null || field === undefined || field === '') return true;
  if (field === false) return !falseIsSaid.has(key);
  if (field === 0) return zeroIsUnset.has(key);
  return field instanceof Object && Object.keys(field).length === 0 && !modes.has(key);
}
