import type { Budget, BudgetLimits, Cluster } from './model.ts';
import type { FleetFile } from './schema.ts';
import { parseMicroseconds, parseShare, parseThroughput } from './units.ts';

type WrittenBudget = NonNullable<NonNullable<FleetFile['bench']>['budget']>;
type WrittenLimits = NonNullable<NonNullable<WrittenBudget['paths']>['host']>;

/** The budget that a checked file describes. */
export function buildBudget(written: WrittenBudget = {}): Budget {
  const { host, overlay } = written.paths ?? {};
  return {
    ...buildLimits(written),
    paths: { ...(host && { host: buildLimits(host) }), ...(overlay && { overlay: buildLimits(overlay) }) },
    pairs: (written.pairs ?? []).map(({ between: [one = '', other = ''], ...limits }) => ({
      between: [one, other],
      ...buildLimits(limits),
    })),
  };
}

/** The names that limits of pairs may use: clusters and their nodes. */
export function namesOfPairs(
  fleet: string,
  clusters: readonly Pick<Cluster, 'name' | 'managers' | 'workers' | 'hosts'>[],
) {
  return clusters.flatMap(({ name, managers, workers, hosts }) => [
    name,
    ...(hosts?.map((host) => host.name) ?? [
      ...numbered(`${fleet}-${name}-manager`, managers),
      ...numbered(`${fleet}-${name}-worker`, workers),
    ]),
  ]);
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

function buildLimits({ p50, p99, loss, throughput }: WrittenLimits): BudgetLimits {
  return {
    ...(p50 !== undefined && { p50: parseMicroseconds(p50) }),
    ...(p99 !== undefined && { p99: parseMicroseconds(p99) }),
    ...(loss !== undefined && { loss: parseShare(loss) }),
    ...(throughput !== undefined && { throughput: parseThroughput(throughput) }),
  };
}
