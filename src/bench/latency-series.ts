import type { LatencySeries } from '../report/bench-result.ts';
import { histogramOf } from './histogram.ts';
import { noData, type ProbedRound } from './probe-output.ts';
import { quantilesOf } from './quantiles.ts';

type Kind = Pick<LatencySeries, 'path' | 'bytes' | 'load'>;

/**
 * The series of one path, size and load.
 * @param probed rounds of all sizes.
 * @throws SwarmctlError `no-bench-data` when no message was answered.
 */
export function latencySeries(kind: Kind, probed: readonly ProbedRound[]): LatencySeries {
  const rounds = probed
    .filter(({ bytes }) => bytes === kind.bytes)
    .toSorted((a, b) => a.round - b.round)
    .map(({ latencies }) => ({
      sent: latencies.length,
      answered: latencies.filter((value) => value !== null),
    }));
  const all = rounds.flatMap(({ answered }) => answered);
  const sent = rounds.reduce((sum, round) => sum + round.sent, 0);
  if (all.length === 0) throw noData(`none of ${sent} messages was answered`);
  return {
    ...kind,
    ...quantilesOf(all),
    sent,
    lost: sent - all.length,
    jitter: jitterOf(rounds.map(({ answered }) => answered)),
    rounds: rounds.filter(({ answered }) => answered.length > 0).map(({ answered }) => roundOf(answered)),
    histogram: histogramOf(all),
  };
}

function roundOf(answered: readonly number[]): LatencySeries['rounds'][number] {
  const { samples, p50, p99 } = quantilesOf(answered);
  return { samples, p50, ...(p99 !== undefined && { p99 }) };
}

/** The mean difference between one latency and the next one of its round (RFC 3550, 6.4.1, without the smoothing). */
function jitterOf(rounds: readonly (readonly number[])[]): number {
  const differences = rounds.flatMap((latencies) =>
    latencies.slice(1).map((latency, index) => Math.abs(latency - (latencies[index] ?? latency))),
  );
  const sum = differences.reduce((total, difference) => total + difference, 0);
  return differences.length === 0 ? 0 : Math.round((sum / differences.length) * 10) / 10;
}
