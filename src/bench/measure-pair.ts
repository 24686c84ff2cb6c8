import { SwarmctlError } from '../errors.ts';
import type { NetworkPath, PairBench, PathMtu } from '../report/bench-result.ts';
import { allSettled } from './all-settled.ts';
import { runNoise } from './client.ts';
import { latencySeries } from './latency-series.ts';
import { measureLoad } from './measure-load.ts';
import { mtuFinding } from './overlay.ts';
import { addSeries, beginPair, type PairOptions, type PairWork } from './pair-work.ts';
import type { Pair } from './pairs.ts';
import { idleSeconds, messageRate, warmUpOf } from './plan.ts';
import { type NoiseOutput, readJson, readLatency, readMtu, readNoise } from './probe-output.ts';
import type { Probe } from './probes.ts';

export interface MeasuredPair {
  bench: PairBench;
  /** What was seen on the nodes meanwhile. */
  noise: { node: string; seen: NoiseOutput }[];
}

/** Bytes of the bulk transfer: many full packets, and a moment's work. */
const bulkBytes = 1_000_000;
const bulkSeconds = 5;
/** Seconds that halving the question takes, where datagrams get lost. */
const mtuSeconds = 20;

/**
 * Measures from the first node of a pair to the second one.
 * @throws SwarmctlError `interrupted`.
 */
export async function measurePair(pair: Pair<Probe>, options: PairOptions): Promise<MeasuredPair> {
  const work = beginPair(pair, options);
  options.onStep('latency');
  const unreachable = new AbortController();
  const noiseOfTo = noiseOfAnswering(pair, work, unreachable.signal);
  const answering = await allSettled(options.paths.map((path) => measureIdle(work, path)));
  if (!answering.some(Boolean)) unreachable.abort();
  const noise = await noiseOfTo;
  const reachable = options.paths.filter((_, index) => answering[index]);
  await measureMtu(work, reachable);
  if (options.plan.load) await measureLoad(work, options.plan.load, reachable);
  const sender = answering.flatMap((seen) => (seen ? [{ node: pair[0].node.name, seen }] : []));
  return { bench: work.bench, noise: [...noise, ...sender] };
}

/** The client tells of its own node; the other one is looked at from beside, as long as there is something to see. */
async function noiseOfAnswering(
  [, to]: Pair<Probe>,
  { options: { plan, paths, signal } }: PairWork,
  unreachable: AbortSignal,
): Promise<MeasuredPair['noise']> {
  const seconds = idleSeconds(plan.idle, paths.length);
  try {
    const output = await runNoise(to, seconds, AbortSignal.any([signal, unreachable]));
    return [{ node: to.node.name, seen: readNoise(output) }];
  } catch (error) {
    // That the node does not answer, or the run was interrupted, is told by the pair itself.
    if (error instanceof SwarmctlError) return [];
    throw error;
  }
}

/** The idle latency of one path, in turns with the others. */
async function measureIdle(work: PairWork, path: NetworkPath): Promise<NoiseOutput | undefined> {
  const { plan, paths } = work.options;
  const { rounds, messagesPerRound: messages, sizes } = plan.idle;
  const turns = { turn: paths.indexOf(path), turns: paths.length };
  const options = {
    rate: messageRate,
    rounds,
    messages,
    'warm-up': warmUpOf(messages),
    sizes: sizes.join(),
    ...turns,
  };
  return work.attempt(`${path}: latency`, async () => {
    const seconds = idleSeconds(plan.idle, paths.length + 1);
    const output = await work.client.probe(path, 'latency', options, seconds);
    const probed = readLatency(output, { messages, seconds });
    const series = sizes.map((bytes) => latencySeries({ path, bytes, load: 'idle' }, probed.rounds));
    addSeries(work.bench, series);
    return probed.noise;
  });
}

/** The overlay's MTU is judged by what the nodes' own network carries. */
async function measureMtu(work: PairWork, paths: readonly NetworkPath[]): Promise<void> {
  work.options.onStep('MTU');
  const all = await allSettled(paths.map((path) => work.attempt(`${path}: MTU`, () => probeMtu(work, path))));
  const found = all.filter((mtu) => mtu !== undefined);
  const underlay = found.find(({ path }) => path === 'host')?.probed;
  work.bench.mtu = found.map((mtu) => {
    const finding = mtu.path === 'overlay' && mtuFinding(mtu, underlay, work.options.encrypted);
    return { ...mtu, ...(finding && { finding }) };
  });
}

async function probeMtu({ client }: PairWork, path: NetworkPath): Promise<PathMtu> {
  const { interface: configured, path: probed } = readMtu(await client.probe(path, 'mtu', {}, mtuSeconds));
  const bulk = await client
    .probe(path, 'bulk', { bytes: bulkBytes }, bulkSeconds)
    .then(readJson)
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof SwarmctlError && error.code === 'no-bench-data') return false;
      throw error;
    });
  return { path, configured, probed, bulk };
}
