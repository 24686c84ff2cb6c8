import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clientOf } from '../src/bench/client.ts';
import { latencySeries } from '../src/bench/latency-series.ts';
import type { Pair } from '../src/bench/pairs.ts';
import { messageRate, planBench, warmUpOf } from '../src/bench/plan.ts';
import { probePort } from '../src/bench/probe-container.ts';
import { readLatency } from '../src/bench/probe-output.ts';
import type { Probe } from '../src/bench/probes.ts';
import { openSession, type Session } from '../src/bench/session.ts';
import { localNodeEndpoint } from '../src/docker/endpoint.ts';
import { openEngine } from '../src/docker/engine.ts';
import { packageRoot } from '../src/package-root.ts';
import type { LatencyRound, NetworkPath } from '../src/report/bench-result.ts';
import { succeed, withFleet } from './fleets.ts';

// Makes src/bench/fixtures/recordings.json, which the tests of the comparison with a baseline draw from:
//   node perf/record-bench.ts [--swarms 5] [--sessions 3]
// Those that are in the file stay; the new ones are added.

/** What is recorded in each session: the network as it is, and two that answer later, the second 15 % later. */
const kinds = { direct: 0, near: 5_000, slower: 5_770 };
const rounds = 10;
const messages = 1_000;
const paths: readonly NetworkPath[] = ['host', 'overlay'];

interface Recording {
  /** Which of the swarms that were made one after another. */
  swarm: number;
  startedAt: string;
  noise: { lag: number; steal: number; load: number };
  rounds: Record<keyof typeof kinds, Record<NetworkPath, LatencyRound[]>>;
}

const { values } = parseArgs({
  options: { swarms: { type: 'string', default: '5' }, sessions: { type: 'string', default: '3' } },
});
const file = join(packageRoot, 'src', 'bench', 'fixtures', 'recordings.json');
const responder = await readFile(join(packageRoot, 'src', 'bench', 'fixtures', 'responder.pl'), 'utf8');
const fleet = `fleet: recording
target: local
clusters: { lab: { managers: 1, workers: 2 } }
`;

const recordings: Recording[] = await readFile(file, 'utf8').then(JSON.parse, () => []);
const made = Math.max(0, ...recordings.map(({ swarm }) => swarm));
for (let swarm = made + 1; swarm <= made + Number(values.swarms); swarm++) {
  await withFleet({ 'swarmctl.yaml': fleet }, async (folder) => {
    await succeed(folder, ['up', '--yes', '--skip-bench']);
    // Gives the nodes the image of the probes.
    await succeed(folder, ['bench', '--quick']);
    for (let session = 0; session < Number(values.sessions); session++) {
      recordings.push(await record(swarm));
      await writeFile(file, `${JSON.stringify(recordings)}\n`);
      console.error(`swarm ${swarm}: ${recordings.length} recordings`);
    }
  });
}

async function record(swarm: number): Promise<Recording> {
  const startedAt = new Date().toISOString();
  const session = await openLabSession();
  try {
    const [from, to] = session.probes.slice(1);
    if (!from || !to) throw new Error('the lab has two workers');
    const direct = await measure([from, to], probePort);
    const near = await measure([from, to], await startResponder(to, kinds.near));
    const slower = await measure([from, to], await startResponder(to, kinds.slower));
    const all = { direct: direct.rounds, near: near.rounds, slower: slower.rounds };
    return { swarm, startedAt, noise: direct.noise, rounds: all };
  } finally {
    await session.close();
  }
}

async function openLabSession(): Promise<Session> {
  const names = ['manager-1', 'worker-1', 'worker-2'].map((name) => `recording-lab-${name}`);
  const nodes = names.map((name) => ({ name, endpoint: localNodeEndpoint(name) }));
  return openSession({
    cluster: 'lab',
    region: 'lab',
    stack: 'recording',
    nodes,
    managers: nodes.slice(0, 1).map(({ endpoint }) => endpoint),
    probeImage: await probeImageOn(nodes[0]?.endpoint ?? ''),
    simulation: true,
    plan: planBench({ quick: true, throughput: false }, () => 1),
    onProgress: () => {},
    signal: new AbortController().signal,
  });
}

async function probeImageOn(endpoint: string): Promise<string> {
  const engine = openEngine(endpoint);
  const filters = { reference: ['swarmctl/probe'] };
  const [image] = await engine.ask('listing the images', (api) => api.listImages({ filters }));
  engine.close();
  return image?.RepoTags?.[0] ?? '';
}

/** Starts the responder on both paths and gives its port. */
async function startResponder({ node, ends }: Probe, microseconds: number): Promise<number> {
  const port = probePort + microseconds;
  const Cmd = ['perl', '-e', responder, `port=${port}`, `wait=${microseconds / 1_000}`];
  for (const path of paths) {
    await node.engine.ask('starting the responder', async (api) => {
      const run = await api.getContainer(ends[path].container).exec({ Cmd });
      // What is not read would keep the connection.
      (await run.start({ Detach: true })).resume();
    });
  }
  return port;
}

/** As a full benchmark measures the idle latency of 64-byte messages. */
async function measure(pair: Pair<Probe>, port: number) {
  const client = clientOf(pair, new AbortController().signal);
  const warmUp = warmUpOf(messages);
  const options = { port, rate: messageRate, rounds, messages, 'warm-up': warmUp, sizes: '64', turns: 2 };
  const seconds = (paths.length * rounds * (messages + warmUp)) / messageRate + 5;
  const [host, overlay] = await Promise.all(
    paths.map(async (path, turn) => {
      const output = readLatency(await client.probe(path, 'latency', { ...options, turn }, seconds), {
        messages,
        seconds,
      });
      return {
        rounds: latencySeries({ path, bytes: 64, load: 'idle' }, output.rounds).rounds,
        noise: output.noise,
      };
    }),
  );
  if (!host || !overlay) throw new Error('there are two paths');
  return { noise: overlay.noise, rounds: { host: host.rounds, overlay: overlay.rounds } };
}
