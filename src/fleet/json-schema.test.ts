import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { fleetJsonSchema } from './json-schema.ts';

test('the published file is the schema of this version (else: npm run schema)', async () => {
  expect(await readFile(join(packageRoot, 'swarmctl.schema.json'), 'utf8')).toBe(fleetJsonSchema());
});

test('it is draft 7, and unknown keys are refused', () => {
  expect(JSON.parse(fleetJsonSchema())).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    additionalProperties: false,
    required: ['fleet', 'clusters'],
  });
});

test('every key has a description', () => {
  expect(undescribed(JSON.parse(fleetJsonSchema()), 'swarmctl.yaml')).toEqual([]);
});

function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = Object.entries(('properties' in schema && schema.properties) || {});
  const missing = properties.filter(([, property]) => !property.description).map(([key]) => `${path}.${key}`);
  const deeper = Object.entries(schema).flatMap(([key, part]) => undescribed(part, `${path}.${key}`));
  return [...missing, ...deeper];
}
