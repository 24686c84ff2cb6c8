import type { NetworkPath } from '../report/bench-result.ts';
import { allSettled } from './all-settled.ts';
import { readDatagrams, readTcp } from './iperf.ts';
import { latencySeries } from './latency-series.ts';
import { addSeries, type PairWork } from './pair-work.ts';
import { type LoadPlan, loadLeadSeconds, messageRate, warmUpOf } from './plan.ts';
import { readLatency, readTimes } from './probe-output.ts';
import { quantilesOf } from './quantiles.ts';

/** Seconds for setting up connections and looking names up, at 20 ms each. */
const setupSeconds = 10;
const loadedBytes = 64;

/** What is measured with the network under load, one path after the other: they share it. */
export async function measureLoad(
  work: PairWork,
  plan: LoadPlan,
  paths: readonly NetworkPath[],
): Promise<void> {
  if (paths.includes('overlay') && plan.setups > 0) await measureSetup(work, plan);
  for (const path of paths) {
    await measureTcp(work, plan, path);
    await measureDatagrams(work, plan, path);
    if (plan.messages > 0) await measureLoaded(work, plan, path);
  }
}

/** How long applications wait inside the overlay until they can say something: for a name, for a connection. */
async function measureSetup({ client, bench, options, attempt }: PairWork, plan: LoadPlan): Promise<void> {
  options.onStep('connections and names');
  const times = async (command: string, also: Record<string, string> = {}) =>
    quantilesOf(
      readTimes(await client.probe('overlay', command, { count: plan.setups, ...also }, setupSeconds)),
    );
  await attempt('overlay: connections and names', async () => {
    bench.setup = {
      connect: await times('connect'),
      lookup: await times('lookup', { name: bench.to.node }),
    };
  });
}

async function measureTcp(work: PairWork, plan: LoadPlan, path: NetworkPath): Promise<void> {
  const { client, bench, options, attempt } = work;
  for (const streams of plan.streams) {
    const what = `TCP, ${streams} ${streams === 1 ? 'stream' : 'streams'}`;
    options.onStep(`${what} over ${path}`);
    const time = ['--time', String(plan.tcpSeconds), '--omit', String(plan.tcpWarmUpSeconds)];
    await attempt(`${path}: ${what}`, async () => {
      const seconds = plan.tcpSeconds + plan.tcpWarmUpSeconds;
      const output = await client.iperf(path, [...time, '--parallel', String(streams)], seconds);
      bench.throughput.push({ path, ...readTcp(output, plan.tcpSeconds) });
    });
  }
}

/** At shares of what one TCP stream has reached. */
async function measureDatagrams(work: PairWork, plan: LoadPlan, path: NetworkPath): Promise<void> {
  const { client, bench, options, attempt } = work;
  const reached = bench.throughput.find((tcp) => tcp.path === path)?.bitsPerSecond;
  if (reached === undefined) return;
  for (const share of plan.shares) {
    const what = `datagrams at ${share * 100} %`;
    options.onStep(`${what} over ${path}`);
    await attempt(`${path}: ${what}`, async () => {
      const load = ['--udp', '--bitrate', String(Math.round(reached * share))];
      const output = await client.iperf(
        path,
        [...load, '--time', String(plan.datagramSeconds)],
        plan.datagramSeconds,
      );
      bench.datagrams.push({ path, share, ...readDatagrams(output, plan.datagramSeconds) });
    });
  }
}

/** Messages while one TCP stream takes all that it can get. */
async function measureLoaded(work: PairWork, plan: LoadPlan, path: NetworkPath): Promise<void> {
  const { client, bench, options, attempt } = work;
  const warmUp = warmUpOf(plan.messages);
  const seconds = (plan.messages + warmUp) / messageRate;
  const sending = {
    rate: messageRate,
    rounds: 1,
    messages: plan.messages,
    'warm-up': warmUp,
    sizes: loadedBytes,
  };
  options.onStep(`latency under load over ${path}`);
  await attempt(`${path}: latency under load`, async () => {
    const loadSeconds = Math.ceil(seconds + 2 * loadLeadSeconds);
    const load = client
      .iperf(path, ['--time', String(loadSeconds)], loadSeconds)
      .then((output) => readTcp(output, loadSeconds));
    const latency = client.probe(
      path,
      'latency',
      { ...sending, turn: 0, turns: 1, delay: loadLeadSeconds },
      seconds + loadLeadSeconds,
    );
    const [, output] = await allSettled([load, latency]);
    const { rounds } = readLatency(output, { messages: plan.messages, seconds });
    addSeries(bench, [latencySeries({ path, bytes: loadedBytes, load: 'loaded' }, rounds)]);
  });
}
