import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHistory, readHistory, stackAt } from './history.ts';
import { emptyStack } from './prepared-apps.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
});

afterEach(() => rm(folder, { recursive: true }));

const step = { op: 'update' as const, type: 'Service', name: 'shop_web', fields: [] };

function change(stack: string) {
  return { outcome: 'begun' as const, steps: [step], stack: emptyStack(stack) };
}

/** One run that changes clusters, each with its outcome. */
async function run(
  command: string,
  outcomes: Record<string, 'updated' | 'failed' | 'rolled-back' | 'begun'>,
) {
  const history = openHistory(folder, folder);
  await Promise.all(
    Object.entries(outcomes).map(async ([cluster, outcome]) => {
      await history.begin({ command }, cluster, change(`${command}-${cluster}`));
      if (outcome !== 'begun')
        await history.finish(cluster, outcome, outcome === 'failed' ? { error: 'no' } : {});
    }),
  );
  return history.version();
}

test('a run that changes nothing leaves no record', async () => {
  const history = openHistory(folder, folder);
  await history.finish('a', 'rolled-back');
  expect(history.version()).toBeUndefined();
  expect(await readHistory(folder)).toEqual([]);
});

test('what a run could not see to its end is settled by the one that finds it there', async () => {
  await run('up', { a: 'failed', b: 'updated' });
  const later = openHistory(folder, folder);
  await later.settle('a', emptyStack('another'));
  await later.settle('none', emptyStack('up-a'));
  expect(stackAt(await readHistory(folder), 'a', 1)).toBeUndefined();
  await later.settle('a', emptyStack('up-a'));
  expect(stackAt(await readHistory(folder), 'a', 1)).toEqual({ version: 1, stack: emptyStack('up-a') });
  expect(later.version()).toBeUndefined();
});

test('versions count up, and say what was changed and how it ended', async () => {
  expect(await run('up', { a: 'updated', b: 'failed' })).toBe(1);
  expect(await run('up', { a: 'begun' })).toBe(2);
  const [first, second] = await readHistory(folder);
  expect(first).toMatchObject({
    format: 1,
    version: 1,
    command: 'up',
    who: expect.any(String),
    host: expect.any(String),
    clusters: { a: { outcome: 'updated', steps: [step] }, b: { outcome: 'failed', error: 'no' } },
  });
  expect(first).not.toHaveProperty('commit');
  expect(second?.clusters.a?.outcome).toBe('begun');
  expect((await stat(join(folder, 'history', '1.json'))).mode & 0o777).toBe(0o600);
});

test('two runs at the same time get two versions', async () => {
  const versions = await Promise.all(['one', 'two', 'three'].map((name) => run(name, { a: 'updated' })));
  expect(versions.toSorted()).toEqual([1, 2, 3]);
  expect(await readHistory(folder)).toHaveLength(3);
});

test('the git commit is told, and whether files were changed since', async () => {
  const git = (...args: string[]) =>
    execa('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args]);
  await writeFile(join(folder, 'compose.yaml'), '1');
  await git('init', '--quiet');
  await git('add', 'compose.yaml');
  await git('commit', '--quiet', '--message', 'The first one');
  await run('up', { a: 'updated' });
  await writeFile(join(folder, 'compose.yaml'), '2');
  await run('up', { a: 'updated' });
  const [clean, dirty] = await readHistory(folder);
  const id = (await git('rev-parse', 'HEAD')).stdout;
  expect(clean?.commit).toEqual({ id, subject: 'The first one', isDirty: false });
  expect(dirty?.commit?.isDirty).toBe(true);
});

test('what ran after a version is what the last success until then wanted', async () => {
  await run('first', { a: 'updated', b: 'updated' });
  await run('second', { a: 'updated' });
  await run('third', { a: 'failed', b: 'rolled-back' });
  const records = await readHistory(folder);
  const at = (cluster: string, version: number) => stackAt(records, cluster, version)?.stack.name;
  expect([0, 1, 2, 3].map((version) => at('a', version))).toEqual([
    undefined,
    'first-a',
    'second-a',
    'second-a',
  ]);
  expect(at('b', 3)).toBe('first-b');
  expect(at('c', 3)).toBeUndefined();
});

test('a record that is cut off is left out', async () => {
  await run('up', { a: 'updated' });
  await writeFile(join(folder, 'history', '2.json'), '{"format": 1, "vers');
  expect((await readHistory(folder)).map(({ version }) => version)).toEqual([1]);
  expect(await run('up', { a: 'updated' })).toBe(3);
});
