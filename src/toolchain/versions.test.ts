import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { compareVersions, dockerProviderVersion, findVersion, isVersionOf, pulumiBuilt } from './versions.ts';

test.each([
  ['3.9.0', '3.226.0'],
  ['3.226.0', '3.226.1'],
  ['3.226.9', '4.0.0'],
  ['23', '23.0.1'],
])('%s is older than %s', (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0);
  expect(compareVersions(newer, older)).toBeGreaterThan(0);
});

test('missing parts count as zero', () => {
  expect(compareVersions('26', '26.0.0')).toBe(0);
});

test.each([
  ['v3.256.0', '3.256.0'],
  ['3.230.0-alpha.1+dirty', '3.230.0'],
  ['Docker version 26.1.5+dfsg1, build 411e817', '26.1.5'],
  ['no version here', undefined],
])('the version in %j is %s', (text, version) => {
  expect(findVersion(text)).toBe(version);
});

test('an engine version is of its major, not of one that starts with the same digits', () => {
  expect(isVersionOf('26.1.5', '26')).toBe(true);
  expect(isVersionOf('26.1.5', '26.1.5')).toBe(true);
  expect(isVersionOf('26.1.5', '26.1.4')).toBe(false);
  expect(isVersionOf('26.1.5', '2')).toBe(false);
});

test('the Docker provider is the one of the installed @pulumi/docker', () => {
  expect(dockerProviderVersion).toBe(
    JSON.parse(readShipped('node_modules/@pulumi/docker/package.json')).version,
  );
  expect(readShipped('tools/docker-provider/main.go')).toContain(
    `const version = "${dockerProviderVersion}"`,
  );
});

test('the Pulumi CLI is the one that tools/pulumi requires', () => {
  expect(readShipped('tools/pulumi/go.mod')).toContain(`github.com/pulumi/pulumi/pkg/v3 v${pulumiBuilt}`);
});

function readShipped(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}
