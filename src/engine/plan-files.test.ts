import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPlanFile, removePlans } from './plan-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-plans-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('own plans and those of processes that have ended go; the rest stays', async () => {
  const ended = execa('true');
  const { pid } = ended;
  await ended;
  const others = [`plan.1.${hostname()}.a.json`, `plan.${pid}.another.host.a.json`, 'Pulumi.yaml'];
  const names = [...others, `plan.${pid}.${hostname()}.a.json`];
  for (const name of names) await writeFile(join(folder, name), '{}');
  await writeFile(newPlanFile(folder), '{}');
  await removePlans(folder);
  expect((await readdir(folder)).sort()).toEqual([...others].sort());
});

test('where there is no folder there are no plans', async () => {
  await expect(removePlans(join(folder, 'none'))).resolves.toBeUndefined();
});
