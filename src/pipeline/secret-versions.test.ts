import { expect, test } from 'vitest';
import { secretWarnings } from '../report/secrets.ts';
import { compareSecrets, oldSecrets } from './secret-versions.ts';

const now = new Date('2026-11-21T12:00:00Z');
const dayMs = 86_400_000;
const fleet = {
  name: 'shop',
  secrets: [{ name: 'token', source: { env: 'TOKEN' }, at: '', maxAgeMs: 30 * dayMs }],
};

function mounted(version: string, since: string, name = 'shop_token') {
  return { name, version, since, kept: 1, services: ['shop_web'] };
}

function compare(...versions: (ReturnType<typeof mounted> | undefined)[]) {
  const clusters = versions.map((version, index) => ({
    name: `c${index}`,
    region: 'r',
    mounted: version ? [version] : [],
  }));
  return compareSecrets(fleet, clusters, now);
}

test('equal versions are the same value, as old as in the cluster that had it first', () => {
  const [secret] = compare(
    mounted('a', '2026-11-20T12:00:00Z'),
    mounted('a', '2026-11-21T11:00:00Z'),
    undefined,
  );
  expect(secret).toMatchObject({ name: 'shop_token', same: true, tooOld: false, ageSeconds: 86_400 });
  expect(secret?.clusters.map(({ cluster }) => cluster)).toEqual(['c0', 'c1']);
  expect(secretWarnings(secret ? [secret] : [])).toEqual([]);
});

test('other versions differ', () => {
  const secrets = compare(mounted('a', '2026-11-21T11:00:00Z'), mounted('b', '2026-11-21T11:00:00Z'));
  expect(secrets[0]?.same).toBe(false);
  expect(secretWarnings(secrets)).toEqual(['secret shop_token differs between clusters: run swarmctl up']);
});

test('one that is older than its max-age is warned of, one without is not', () => {
  const secrets = compare(
    mounted('a', '2026-10-01T12:00:00Z'),
    mounted('b', '2020-01-01T12:00:00Z', 'shop_key'),
  );
  expect(secrets.map(({ name, tooOld }) => [name, tooOld])).toEqual([
    ['shop_key', false],
    ['shop_token', true],
  ]);
  expect(oldSecrets(secrets)).toEqual([
    'Secret shop_token is of 2026-10-01, older than its max-age: rotate it.',
  ]);
  expect(secretWarnings(secrets)[0]).toContain('secret shop_token is ');
});
