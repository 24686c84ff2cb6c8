// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose files interpolate too
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Cluster } from '../fleet/model.ts';
import { noContents } from '../sources/read-sources.ts';
import { renderApps } from './prepared-apps.ts';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';

const app =
  'services:\n  web: { image: "web:1", command: ["$SWARMCTL_CLUSTER", "$SWARMCTL_REGION", "$GREETING"] }\n';
const override = 'services:\n  web: { deploy: { replicas: 5 }, user: "${RUN_AS}" }\n';

async function write(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function render(apps: string[], change: Partial<Cluster>) {
  const cluster = sampleCluster('green', { region: 'eu-west-1', ...change });
  const { stack, notes } = await renderApps(
    sampleFleet({ apps }),
    cluster,
    noContents,
    new AbortController().signal,
  );
  return { services: stack.services, notes };
}

test('the files of a cluster are those of the fleet with its overrides on top, in its own words', async () => {
  const apps = [await write('compose.yaml', app)];
  const overrides = [await write('green.yaml', override)];
  const { services, notes } = await render(apps, { overrides, env: { GREETING: 'hi', RUN_AS: 'me' } });
  expect(services).toMatchObject([
    {
      Name: 'shop_web',
      Mode: { Replicated: { Replicas: 5 } },
      TaskTemplate: { ContainerSpec: { Args: ['green', 'eu-west-1', 'hi'], User: 'me' } },
    },
  ]);
  expect(notes).toEqual([]);
});

test('another cluster has none of them', async () => {
  const { services } = await render([await write('compose.yaml', app)], { env: { GREETING: 'hi' } });
  expect(services).toMatchObject([{ Mode: { Replicated: {} } }]);
  expect(services[0]?.TaskTemplate.ContainerSpec.User).toBeUndefined();
});

test('what is wrong in an override is told with its place', async () => {
  const file = await write('green.yaml', 'services:\n  web: { usr: a }\n');
  const rendering = render([await write('compose.yaml', app)], { overrides: [file] });
  await expect(rendering).rejects.toMatchObject({
    code: 'config',
    message: `${file}:2:10: key \`usr\` of service \`web\` is not known`,
  });
});

test('overrides may be all that there is', async () => {
  const { services } = await render([], {
    overrides: [await write('compose.yaml', app)],
    env: { GREETING: '' },
  });
  expect(services).toHaveLength(1);
});
