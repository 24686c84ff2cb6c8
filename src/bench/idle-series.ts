import type { LatencySeries, NetworkPath, PairBench } from '../report/bench-result.ts';

/** The series that budgets, comparisons and the matrix are about: idle, 64 bytes. */
export function idleSeries(pair: PairBench, path: NetworkPath): LatencySeries | undefined {
  return pair.latency.find((series) => series.path === path && series.load === 'idle' && series.bytes === 64);
}
