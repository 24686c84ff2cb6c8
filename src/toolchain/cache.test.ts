import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory, pulumiHome } from './cache.ts';

test('tools are cached in XDG_CACHE_HOME', () => {
  expect(cacheDirectory({ XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/swarmctl');
});

test.each([{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'relative/cache' }])('%j means ~/.cache', (env) => {
  expect(cacheDirectory(env)).toBe(join(homedir(), '.cache', 'swarmctl'));
});

test('PULUMI_HOME is swarmctl’s own', () => {
  expect(pulumiHome('/var/cache/me/swarmctl')).toBe('/var/cache/me/swarmctl/pulumi-home');
});
