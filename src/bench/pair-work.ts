import { SwarmctlError } from '../errors.ts';
import type { LatencySeries, NetworkPath, PairBench } from '../report/bench-result.ts';
import { type Client, clientOf } from './client.ts';
import type { Pair } from './pairs.ts';
import type { BenchPlan } from './plan.ts';
import type { Probe } from './probes.ts';

export interface PairOptions {
  plan: BenchPlan;
  /** The paths between the two: only `host` between clusters. */
  paths: readonly NetworkPath[];
  /** Whether the overlay is encrypted. */
  encrypted: boolean;
  onStep(step: string): void;
  signal: AbortSignal;
}

/** The result of one pair while it is made. */
export interface PairWork {
  client: Client;
  bench: PairBench;
  options: PairOptions;
  /**
   * Does one part of the measuring. Where it comes to nothing, that and why goes into the result.
   * @throws whatever is not a failed measurement, such as `interrupted`.
   */
  attempt<T>(what: string, part: () => Promise<T>): Promise<T | undefined>;
}

export function beginPair(pair: Pair<Probe>, options: PairOptions): PairWork {
  const [from, to] = pair.map(({ node: { cluster, name } }) => ({ cluster, node: name }));
  if (!from || !to) throw new TypeError('a pair of less than two nodes');
  const bench: PairBench = { from, to, latency: [], throughput: [], datagrams: [], mtu: [], missing: [] };
  return {
    client: clientOf(pair, options.signal),
    bench,
    options,
    async attempt(what, part) {
      try {
        return await part();
      } catch (error) {
        if (!(error instanceof SwarmctlError) || error.code === 'interrupted') throw error;
        bench.missing.push({ what, reason: error.message });
        return undefined;
      }
    },
  };
}

/** In the order of the paths, whichever of them came first. */
export function addSeries({ latency }: PairBench, series: readonly LatencySeries[]): void {
  latency.push(...series);
  latency.sort((a, b) => a.path.localeCompare(b.path));
}
