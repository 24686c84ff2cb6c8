import './own-lane.ts';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDatagrams } from '../src/bench/iperf.ts';
import { medianOf } from '../src/bench/median.ts';
import { planBench } from '../src/bench/plan.ts';
import { iperfPort, probePort } from '../src/bench/probe-container.ts';
import { openSession, type Session } from '../src/bench/session.ts';
import { localNodeEndpoint } from '../src/docker/endpoint.ts';
import { idle, probeImage } from './bench-result.ts';
import { startRelay as startDatagramRelay } from './datagram-relay.ts';
import { docker, dockerOn } from './swarmctl.ts';

const names = ['e2e-lab-us-east-1-manager-1', 'e2e-lab-us-east-1-manager-2'] as const;
const serverPort = 24_795;
let image: string;

beforeAll(async () => {
  image = await probeImage(names[0]);
});

/** What one run of one tool has found: microseconds, and bits a second. */
interface Found {
  p50: number;
  throughput: number;
}

/**
 * Between two nodes of this machine a message takes as long as a core needs to wake up, so that a measurement is about
 * the machine, and how the tool sleeps. So messages go by a longer way, of 1 ms there and back each, for both tools.
 */
describe('next to the tools that others use', () => {
  const far = { probe: 24_999, sockperf: 24_998 };
  const detour = ['PREROUTING', '--protocol', 'tcp', '--dport', String(probePort), '--jump', 'REDIRECT'];
  let session: Session;

  beforeAll(async () => {
    session = await openSession({
      cluster: 'us-east-1',
      region: 'us-east-1',
      stack: 'e2e-lab',
      nodes: names.map((name) => ({ name, endpoint: localNodeEndpoint(name) })),
      managers: names.map(localNodeEndpoint),
      probeImage: image,
      simulation: true,
      plan: planBench({ quick: true, throughput: true }, () => 1),
      onProgress() {},
      signal: new AbortController().signal,
    });
    await inProbe(1, ['sockperf', 'server', '--tcp'], '--detach');
    await startRelay(far.probe, probePort);
    await startRelay(far.sockperf, 11_111);
    await divert('--insert');
  });

  afterAll(async () => {
    await divert('--delete');
    await session.close();
  });

  function divert(change: '--insert' | '--delete'): Promise<string> {
    const rule = [change, ...detour, '--to-ports', String(far.probe)];
    return docker('exec', names[1], 'iptables', '--table', 'nat', ...rule);
  }

  /** Ends with the container. */
  async function startRelay(port: number, to: number): Promise<void> {
    const relay = await readFile(new URL('fixtures/delay-relay.pl', import.meta.url), 'utf8');
    await inProbe(1, ['perl', '-e', relay, `port=${port}`, `to=${to}`, 'wait=1000'], '--detach');
  }

  /** In the very containers of the probes, in the network of the nodes themselves. */
  function inProbe(end: 0 | 1, command: readonly string[], ...options: string[]): Promise<string> {
    const container = session.probes[end]?.ends.host.container ?? '';
    return dockerOn(names[end], 'exec', ...options, container, ...command);
  }

  async function byHand(): Promise<Found> {
    const address = session.probes[1]?.ends.host.address ?? '';
    const way = ['--tcp', '-i', address, '-p', String(far.sockperf)];
    const rate = ['-m', '64', '-t', '1', '--mps', '2000', '--reply-every', '1', '--full-rtt'];
    const sockperf = await inProbe(0, ['sockperf', 'under-load', ...way, ...rate]);
    const load = ['--client', address, '--port', String(iperfPort), '--time', '1', '--json'];
    const iperf = await inProbe(0, ['iperf3', ...load]);
    return {
      p50: Number(/percentile 50\.000 = +([\d.]+)/.exec(sockperf)?.[1]),
      throughput: JSON.parse(iperf).end.sum_received.bits_per_second,
    };
  }

  async function byBench(): Promise<Found> {
    const { pairs } = await session.measure();
    const [pair] = pairs;
    const throughput = pair?.throughput.find(({ path }) => path === 'host')?.bitsPerSecond ?? Number.NaN;
    return { p50: (pair && idle(pair, 'host')?.p50) ?? Number.NaN, throughput };
  }

  /** In turns, so that what else the machine does meets both, until their medians have settled. */
  test('p50 agrees with sockperf, and throughput with iperf3, within 15 %', async () => {
    const rounds: { hand: Found; bench: Found }[] = [];
    const middle = (who: 'hand' | 'bench', what: keyof Found) =>
      medianOf(rounds.map((round) => round[who][what]));
    const agree = (what: keyof Found) =>
      Math.abs(middle('bench', what) - middle('hand', what)) <= 0.15 * middle('hand', what);
    const settled = () => agree('p50') && agree('throughput');
    while (rounds.length < 3 || (!settled() && rounds.length < 21)) {
      rounds.push({ hand: await byHand(), bench: await byBench() });
    }
    expect(settled(), JSON.stringify(rounds)).toBe(true);
    expect(middle('hand', 'p50')).toBeGreaterThan(2_000);
  });
});

/** On a busy machine the server may lose some on its own: then once more. */
test('of dropped datagrams as many are told as lost as were dropped', async () => {
  let flow = await dropDatagrams();
  for (let tries = 1; tries < 6 && flow.lost !== flow.dropped; tries += 1) flow = await dropDatagrams();
  expect(flow.sent).toBeGreaterThan(2_000);
  expect(flow.lost).toBe(flow.dropped);
  expect(flow.lost).toBeGreaterThanOrEqual(20);
});

async function dropDatagrams(): Promise<{ sent: number; lost: number; dropped: number }> {
  const host = ['--network', 'host', image];
  const server = await docker('run', '--detach', ...host, 'iperf3', '--server', '--port', String(serverPort));
  const relay = await startDatagramRelay(serverPort);
  try {
    const load = ['--udp', '--bitrate', '10M', '--length', '1000', '--time', '2', '--json'];
    const client = ['--client', '127.0.0.1', '--port', String(relay.port), ...load];
    const { sent, lost } = readDatagrams(await docker('run', '--rm', ...host, 'iperf3', ...client), 2);
    return { sent, lost, dropped: relay.dropped() };
  } finally {
    relay.close();
    await docker('rm', '--force', server);
  }
}
