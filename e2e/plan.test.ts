import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Config } from '../programs/swarm-resources.ts';
import { localNodeEndpoint } from '../src/docker/endpoint.ts';
import { openOuterEngine } from '../src/docker/engine.ts';
import { openImageShelf } from '../src/docker/image-shelf.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import type { Stack } from '../src/engine/stack.ts';
import { openWorkspace } from '../src/engine/workspace.ts';
import { ensureToolchain } from '../src/toolchain/toolchain.ts';
import { dockerOn, makeFleetFolder } from './swarmctl.ts';

const manager = 'e2e-lab-us-east-1-manager-1';
let stack: Stack;
/** What the program asks for at the moment. */
let content = 'first';

const program = async () => {
  const data = Buffer.from(content).toString('base64');
  new Config('content', { name: `plan-${content}`, data, labels: { test: 'plan' } });
};

const operation = (what: string) => ({ what, signal: new AbortController().signal });

beforeAll(async () => {
  const folder = await makeFleetFolder({ passphrase: 'only for this test' });
  await mkdir(join(folder, 'state'));
  const toolchain = await ensureToolchain({
    localNodes: true,
    engine: '26',
    consent: async () => false,
    onStep: () => {},
  });
  const outer = openOuterEngine();
  const workspace = openWorkspace({
    project: 'plan',
    folder: join(folder, 'work'),
    backend: `file://${join(folder, 'state')}`,
    pulumi: toolchain.pulumi,
    pulumiHome: toolchain.pulumiHome,
    passphraseFile: join(folder, 'passphrase'),
    images: { engine: outer, shelf: openImageShelf(outer) },
  });
  stack = await workspace.open({ name: 'one', program, swarm: openSwarm([localNodeEndpoint(manager)]) });
});

afterAll(async () => {
  await stack.destroy(operation('Removing'));
});

const configs = async () =>
  (await dockerOn(manager, 'config', 'ls', '--filter', 'label=test=plan', '--format', '{{.Name}}')).split(
    '\n',
  );

test('what is applied is what was previewed', async () => {
  const previewed = await stack.preview(operation('Previewing'));
  expect(previewed.counts).toMatchObject({ create: 1 });
  content = 'second';
  await expect(stack.up(operation('Applying'), previewed)).rejects.toMatchObject({
    code: 'engine',
    details: [expect.stringContaining('violates plan')],
  });
  expect(await configs()).toEqual(['']);

  const again = await stack.preview(operation('Previewing'));
  await stack.up(operation('Applying'), again);
  expect(await configs()).toEqual(['plan-second']);
});
