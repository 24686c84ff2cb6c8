import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { publishedPorts } from './published-ports.ts';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';

const compose = `version: "3.12"
services:
  web:
    image: web
    ports: ["8443:443", { target: 80, published: 8080, mode: host }, "53:53/udp"]
  other:
    image: other
    ports: ["8080:9000", "7000"]
`;

test('TCP ports that services publish, each once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-ports-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'compose.yaml');
  await writeFile(file, compose);
  const { signal } = new AbortController();
  const fleet = { ...sampleFleet(), apps: [file] };
  expect(await publishedPorts(fleet, sampleCluster('a'), signal)).toEqual([8080, 8443]);
  expect(await publishedPorts({ ...fleet, apps: [] }, sampleCluster('a'), signal)).toEqual([]);
});
