import { waitUntil, withDeadline } from '../docker/deadline.ts';
import { SwarmctlError } from '../errors.ts';
import type { BenchPair } from '../report/report.ts';
import { percentile } from './percentile.ts';
import { pingPongCommand } from './probe-container.ts';
import type { Probe } from './probes.ts';
import type { Pair } from './rounds.ts';
import { runInContainer } from './run-in-container.ts';
import { readSockperf, type SockperfResult } from './sockperf.ts';

/** A p99 of fewer messages rests on less than ten of them. */
const leastSamples = 1_000;

/**
 * Seconds of each attempt, the 0.45 that sockperf drops included: the first is enough for round trips of up to
 * 0.15 ms, the others for 2, 9 and 58 ms. Long ones are rare, so all wait for the short one.
 */
const attemptSeconds = [0.7, 2.5, 10, 60];

/** The longest that one pair can take, in whole seconds: its attempts, and what lies between them. */
export const longestPairSeconds = Math.ceil(attemptSeconds.reduce((sum, seconds) => sum + seconds, 30));

const connectDeadlineMs = 10_000;
const intervalMs = 50;
/** What an attempt may take beyond the time of its messages, in milliseconds. */
const overheadMs = 5_000;

/**
 * Measures round trips of small messages between the probes of two nodes.
 * @param messageBytes size of a message.
 * @throws SwarmctlError `no-bench-data` with the pair and the reason, `interrupted`.
 */
export async function measurePair(
  pair: Pair<Probe>,
  messageBytes: number,
  signal: AbortSignal,
): Promise<BenchPair> {
  let samples = 0;
  for (const seconds of attemptSeconds) {
    const roundTripsMs = await measureFor(pair, messageBytes, seconds, signal);
    samples = roundTripsMs.length;
    if (samples >= leastSamples) return summarizePair(pair, roundTripsMs);
  }
  const seconds = attemptSeconds.at(-1);
  throw noData(pair, `only ${samples} messages came back in ${seconds} s, ${leastSamples} are needed`);
}

function summarizePair([from, to]: Pair<Probe>, roundTripsMs: readonly number[]): BenchPair {
  const sorted = roundTripsMs.toSorted((a, b) => a - b);
  return {
    from: from.node.name,
    to: to.node.name,
    samples: sorted.length,
    p50: percentile(sorted, 50),
    p99: percentile(sorted, 99),
  };
}

/** One attempt; it is repeated as long as the server cannot be reached, which it may not be for a moment. */
async function measureFor(
  pair: Pair<Probe>,
  messageBytes: number,
  seconds: number,
  signal: AbortSignal,
): Promise<number[]> {
  let refusal = '';
  const attempt = async () => {
    const result = await runClient(pair, messageBytes, seconds, signal);
    if (result.kind === 'broken') throw noData(pair, result.reason);
    if (result.kind === 'measured') return result.roundTripsMs;
    refusal = result.reason;
    return undefined;
  };
  const wait = waitUntil('measuring the latency', attempt, {
    deadlineMs: connectDeadlineMs,
    intervalMs,
    signal,
  });
  return wait.catch((error: unknown) => {
    if (!(error instanceof SwarmctlError) || error.code !== 'timeout') throw error;
    throw noData(pair, `no connection within ${connectDeadlineMs / 1000} s (${refusal})`, error);
  });
}

async function runClient(
  pair: Pair<Probe>,
  messageBytes: number,
  seconds: number,
  signal: AbortSignal,
): Promise<SockperfResult> {
  const [{ node, container }, { address }] = pair;
  const deadlineMs = seconds * 1_000 + overheadMs;
  const command = pingPongCommand(address, messageBytes, seconds);
  try {
    const client = runInContainer(node.engine, container, command, deadlineMs);
    const { stdout, stderr } = await withDeadline(client, deadlineMs, 'measuring the latency', signal);
    return readSockperf(stdout, stderr);
  } catch (error) {
    if (!(error instanceof SwarmctlError) || error.code === 'interrupted') throw error;
    throw noData(pair, error.message, error);
  }
}

function noData([from, to]: Pair<Probe>, reason: string, cause?: unknown): SwarmctlError {
  const between = `between ${from.node.name} and ${to.node.name}`;
  return new SwarmctlError('no-bench-data', `No latency could be measured ${between}: ${reason}.`, {
    hint: 'Check that the nodes reach each other on UDP port 4789 and TCP and UDP port 7946, or use --skip-bench.',
    cause,
  });
}
