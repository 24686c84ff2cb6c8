import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { exitCodes } from '../src/errors.ts';
import { packageRoot } from '../src/package-root.ts';
import { blocksOf, readme, runCommand } from './readme.ts';
import { copyExampleApp, makeFleetFolder } from './swarmctl.ts';

/** Every word that the README sets as code in its text. */
const words = new Set((readme.match(/`[^`\n]+`/g) ?? []).flatMap((code) => code.split(/[^\w-]+/)));

test("the README's fleet file is one", async () => {
  const [file = ''] = blocksOf('yaml');
  const folder = await makeFleetFolder({ 'swarmctl.yaml': file });
  await copyExampleApp(folder);
  const { clusters } = JSON.parse(await runCommand(folder, 'swarmctl render --json'));
  expect(Object.keys(clusters)).toEqual(['us-east-1', 'eu-west-1', 'office']);
  await rm(folder, { recursive: true });
});

test('the README has every key of the fleet file', async () => {
  const schema: unknown = JSON.parse(await readFile(join(packageRoot, 'swarmctl.schema.json'), 'utf8'));
  const keys = propertiesIn(schema);
  expect(keys).toContain('drain-managers');
  expect(keys.filter((key) => !words.has(key))).toEqual([]);
});

test('the README has every exit code', () => {
  const listed = [...readme.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(exitCodes));
});

test('the README has every stage and every field of the `--json` document', () => {
  const { report } = inject('lab');
  const stages = report.clusters.flatMap((cluster) => cluster.stages.map(({ name }) => name));
  expect(stages.filter((stage) => !readme.includes(`\n| \`${stage}\` `))).toEqual([]);
  const [document = ''] = blocksOf('ts');
  const missing = keysIn(report).filter((key) => !new RegExp(`\\b${key}\\??:`).test(document));
  expect(missing).toEqual([]);
});

/** The names of all properties that a JSON Schema describes. */
function propertiesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(propertiesIn)];
}

/** The keys of all objects in a document. */
function keysIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...new Set([...own, ...Object.values(value).flatMap(keysIn)])];
}
