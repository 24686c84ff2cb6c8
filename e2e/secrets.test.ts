import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { docker, swarmctl, swarmctlJson } from './swarmctl.ts';

const lab = inject('lab');
const composeFile = join(lab.folder, 'compose.yaml');
const compose = await readFile(composeFile, 'utf8');
const canary = 'canary-7f3a91-of-the-secret\n';
const nodes = [1, 2, 3].map((index) => `lab-us-east-1-manager-${index}`);

const withSecret = `${compose.replace('  clock:\n', '  clock:\n    secrets: [token]\n')}
secrets:
  token:
    file: token.txt
`;

afterAll(async () => {
  await writeFile(composeFile, compose);
  await swarmctl(lab.folder, ['up', '--yes', '--allow-deletes', '--skip-bench', '-c', 'us-east-1']);
});

test('a secret reaches its service, trailing newline and all, and is nowhere else in clear', async () => {
  await writeFile(join(lab.folder, 'token.txt'), canary);
  await writeFile(composeFile, withSecret);
  const up = await swarmctlJson(lab.folder, ['up', '--yes', '--skip-bench', '-c', 'us-east-1']);
  expect(up.exitCode, JSON.stringify(up.report)).toBe(0);
  expect(await secretOf('lab_clock')).toBe(canary.trim());

  const rendered = await swarmctl(lab.folder, ['render', '--json']);
  expect(rendered.exitCode).toBe(0);
  const state = join(lab.folder, '.swarmctl');
  const files = await readdir(state, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
  );
  const forms = [canary.trim(), Buffer.from(canary).toString('base64'), encodeURIComponent(canary.trim())];
  for (const text of [...texts, up.stdout, up.stderr, rendered.stdout, rendered.stderr]) {
    for (const form of forms) expect(text.includes(form)).toBe(false);
  }
});

/** What a task of the service reads from its secret. */
async function secretOf(service: string): Promise<string> {
  for (const node of nodes) {
    const container = await docker('exec', node, 'docker', 'ps', '--quiet', '--filter', `name=${service}`);
    if (container) return docker('exec', node, 'docker', 'exec', container, 'cat', '/run/secrets/token');
  }
  throw new Error(`no task of ${service} on ${nodes.join(', ')}`);
}
