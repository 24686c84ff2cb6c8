import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SwarmEvent } from '../events.ts';
import { noContents } from '../sources/read-sources.ts';
import { buildApps } from './build.ts';
import type { ClusterContext } from './cluster.ts';
import type { Run } from './run.ts';
import { sampleCluster, sampleFleet } from './sample-fleet.ts';
import { createStages } from './stages.ts';

let folder: string;
let run: Run;
let events: SwarmEvent[];

/** A docker client that writes down what it is to build, and leaves everything else to the real one. */
const client = (folder: string, path: string) => `#!/bin/sh
if [ "$1" != build ]; then PATH='${path}' exec docker "$@"; fi
echo "$*" "WHO=$WHO" >>'${folder}/builds'
while [ "$1" != --iidfile ]; do shift; done
echo "sha256:$(wc -l <'${folder}/builds')" >"$2"
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarmctl-'));
  const path = process.env.PATH ?? '';
  await writeFile(join(folder, 'docker'), client(folder, path), { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${path}`);
  events = [];
  const fleet = sampleFleet({ apps: [join(folder, 'compose.yaml')] });
  const signal = new AbortController().signal;
  const emit = (event: SwarmEvent) => events.push(event);
  run = {
    fleet,
    settings: { scales: {} },
    builds: [],
    contents: async () => noContents,
    signal,
    emit,
  } as unknown as Run;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Builds for one cluster what a service of these lines asks for. */
async function buildFor(name: string, lines: string, env: Record<string, string> = {}) {
  await writeFile(join(folder, 'compose.yaml'), `version: "3.12"\nservices:\n  web:\n    ${lines}\n`);
  const cluster = sampleCluster(name, { env });
  const stages = createStages(name, run.emit);
  const { built } = await buildApps({ run, cluster, stages } as unknown as ClusterContext);
  return { built: Object.fromEntries(built), stages: stages.records.map((stage) => stage.name) };
}

const builds = async () => (await readFile(join(folder, 'builds'), 'utf8')).trim().split('\n');

test('clusters that ask for the same share one build', async () => {
  const east = await buildFor('us-east-1', 'build: app');
  const west = await buildFor('eu-west-1', 'build: app');
  expect([east, west]).toEqual([
    { built: { shop_web: 'sha256:1' }, stages: ['build'] },
    { built: { shop_web: 'sha256:1' }, stages: ['build'] },
  ]);
  expect(await builds()).toHaveLength(1);
});

test('an argument without a value has that of the cluster, so clusters may differ', async () => {
  const lines = 'build: { context: app, args: [WHO, UNSET] }';
  const east = await buildFor('us-east-1', lines, { WHO: 'east' });
  const west = await buildFor('eu-west-1', lines, { WHO: 'west' });
  expect([east.built, west.built]).toEqual([{ shop_web: 'sha256:1' }, { shop_web: 'sha256:2' }]);
  const told = await builds();
  expect(told.map((line) => line.split(' ').at(-1))).toEqual(['WHO=east', 'WHO=west']);
  expect(told[0]).toContain('--build-arg WHO --');
});

test('without anything to build there is no stage', async () => {
  expect(await buildFor('us-east-1', 'image: web:1')).toEqual({ built: {}, stages: [] });
});

test('what is built is told', async () => {
  await buildFor('us-east-1', 'build: app');
  expect(events).toContainEqual({
    type: 'stage-progress',
    cluster: 'us-east-1',
    stage: 'build',
    message: 'shop_web: building',
  });
});
