import type { DatagramFlow, TcpThroughput } from '../report/bench-result.ts';
import { clientSlackSeconds, noData, numberIn, readJson, record } from './probe-output.ts';

type Tcp = Omit<TcpThroughput, 'path'>;
type Datagrams = Omit<DatagramFlow, 'path' | 'share'>;

/**
 * Reads the JSON of `iperf3 --json` over TCP. What arrived counts, not what was sent. `mean_rtt` is in microseconds and
 * the mean of one sample of TCP_INFO per interval, taken under this load; of several streams it is their mean.
 * @param seconds that were to be measured.
 * @throws SwarmctlError `no-bench-data` with iperf3's own error, or with what is missing or cannot be.
 */
export function readTcp(output: string, seconds: number): Tcp {
  const { end } = readJson(output);
  const { sum_sent, sum_received, streams } = record(end);
  const bitsPerSecond = numberIn(sum_received, 'bits_per_second');
  if (bitsPerSecond <= 0) throw noData('iperf3 received nothing');
  checkClock(sum_received, seconds);
  const senders = (Array.isArray(streams) ? streams : []).map((stream) => record(record(stream).sender));
  const roundTrips = senders.flatMap(({ mean_rtt }) => (typeof mean_rtt === 'number' ? [mean_rtt] : []));
  const loadedRttUs = roundTrips.reduce((sum, value) => sum + value, 0) / roundTrips.length;
  return {
    streams: senders.length,
    bitsPerSecond,
    retransmits: numberIn(sum_sent, 'retransmits'),
    ...(loadedRttUs > 0 && { loadedRttUs }),
  };
}

/**
 * Reads the JSON of `iperf3 --udp --json`. Losses and jitter are what the server has seen.
 * @throws SwarmctlError as {@link readTcp}.
 */
export function readDatagrams(output: string, seconds: number): Datagrams {
  const { end } = readJson(output);
  const sum = record(end).sum;
  const sent = numberIn(sum, 'packets');
  if (sent <= 0) throw noData('iperf3 sent no datagrams');
  checkClock(sum, seconds);
  // Datagrams that overtake each other make it less than none.
  const lost = Math.max(0, numberIn(sum, 'lost_packets'));
  const received = numberIn(record(end).sum_received ?? sum, 'bits_per_second');
  return { bitsPerSecond: received, sent, lost, jitterUs: numberIn(sum, 'jitter_ms') * 1_000 };
}

/** A clock that was set meanwhile makes any throughput of what was sent. */
function checkClock(sum: unknown, seconds: number): void {
  const told = numberIn(sum, 'seconds');
  if (told >= seconds / 2 && told <= seconds + clientSlackSeconds) return;
  throw noData(`iperf3 ran for ${seconds} s and tells of ${told} s: a clock was set meanwhile`);
}
