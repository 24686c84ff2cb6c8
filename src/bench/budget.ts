import { SwarmctlError } from '../errors.ts';
import type { Budget, BudgetLimits } from '../fleet/model.ts';
import {
  type BenchResult,
  idleSeries,
  type NetworkPath,
  type NodeRef,
  type PairBench,
} from '../report/bench-result.ts';
import type { BudgetCheck, BudgetKey, BudgetVerdict } from '../report/bench-verdict.ts';
import { describeCheck, timesOver } from './budget-wording.ts';
import { noisyNodes } from './noise.ts';

const keys: readonly BudgetKey[] = ['p50', 'p99', 'loss', 'throughput'];

/**
 * Holds what was measured against the budget: each limit of each pair and path that were measured.
 *
 * Latency is that of idle 64-byte messages. Loss is the greater of those messages' and of the datagrams' at a tenth of
 * the throughput; the throughput is that of the best number of streams.
 *
 * A limit that is missed on a node that was not quiet is in doubt, unless even the fastest message was over it:
 * busy nodes delay many messages, but not each.
 * @returns undefined where nothing is limited.
 */
export function judgeBudget(
  { clusters, between }: Pick<BenchResult, 'clusters' | 'between'>,
  budget: Budget,
): BudgetVerdict | undefined {
  const noisy = noisyNodes(clusters);
  const pairs = [...clusters.flatMap((cluster) => cluster.pairs), ...between];
  const checks = pairs.flatMap((pair) => checksOf(pair, budget).map((check) => judge(check, pair, noisy)));
  const missed = checks.filter(({ outcome }) => outcome === 'missed').map(({ check }) => check);
  const unsure = checks.flatMap(({ check, reason }) => (reason === undefined ? [] : [{ ...check, reason }]));
  if (!hasLimits(budget)) return undefined;
  return { checked: checks.length, missed: missed.sort((a, b) => timesOver(b) - timesOver(a)), unsure };
}

/**
 * The error of a missed budget: the worst pair, and by how much; then the others.
 * @param options.isUpdated whether the apps were changed before it was measured.
 */
export function budgetError({ missed }: BudgetVerdict, { isUpdated }: { isUpdated: boolean }): SwarmctlError {
  const [worst, ...others] = missed;
  if (!worst) throw new TypeError('a budget that is met has no error');
  const when = isUpdated ? ' after the update' : '';
  return new SwarmctlError('budget-missed', `The budget is missed${when}: ${describeCheck(worst)}.`, {
    details: others.map((check) => `Also missed: ${describeCheck(check)}`),
    hint: isUpdated
      ? 'See what the new version does to the network between these nodes. `swarmctl history` tells what runs now.'
      : 'Look into the network between these nodes, or change bench.budget.',
  });
}

/** The limits of a pair on each path on which anything was to be measured. */
function checksOf(pair: PairBench, budget: Budget): BudgetCheck[] {
  const { from, to } = pair;
  const paths: NetworkPath[] = from.cluster === to.cluster ? ['host', 'overlay'] : ['host'];
  return paths.flatMap((path) => {
    const limits = limitsOf(pair, path, isApart(pair) ? { paths: {}, pairs: budget.pairs } : budget);
    return keys.flatMap((what) => {
      const limit = limits[what];
      if (limit === undefined) return [];
      const measured = measuredOf(pair, path, what);
      return [{ from, to, path, what, limit, ...(measured !== undefined && { measured }) }];
    });
  });
}

/** Clusters need not reach each other, so that only limits that name the two expect them to. */
function isApart({ from, to, latency }: PairBench): boolean {
  return from.cluster !== to.cluster && latency.length === 0;
}

function limitsOf({ from, to }: PairBench, path: NetworkPath, budget: Budget): BudgetLimits {
  const { paths, pairs, ...general } = budget;
  const fitting = pairs.filter(
    ({ between: [one, other] }) =>
      (isNamed(from, one) && isNamed(to, other)) || (isNamed(from, other) && isNamed(to, one)),
  );
  return Object.assign({}, general, paths[path], ...fitting);
}

function isNamed({ cluster, node }: NodeRef, name: string): boolean {
  return name === cluster || name === node;
}

function measuredOf(pair: PairBench, path: NetworkPath, what: BudgetKey): number | undefined {
  const idle = idleSeries(pair, path);
  if (what === 'p50' || what === 'p99') return idle?.[what];
  if (what === 'throughput')
    return greatest(pair.throughput.filter(on(path)).map((one) => one.bitsPerSecond));
  const gentle = pair.datagrams.filter(on(path)).filter(({ share }) => share <= 0.1);
  const counted = [...(idle ? [idle] : []), ...gentle].filter(({ sent }) => sent > 0);
  return greatest(counted.map(({ lost, sent }) => lost / sent));
}

function on(path: NetworkPath) {
  return (measured: { path: NetworkPath }) => measured.path === path;
}

function greatest(values: readonly number[]): number | undefined {
  return values.length > 0 ? Math.max(...values) : undefined;
}

interface Judged {
  check: BudgetCheck;
  outcome: 'met' | 'missed' | 'unsure';
  reason?: string;
}

function judge(check: BudgetCheck, pair: PairBench, noisy: ReadonlyMap<string, string>): Judged {
  const { path, what, limit, measured } = check;
  if (measured === undefined) return { check, outcome: 'unsure', reason: whyMissing(pair, path, what) };
  if (what === 'throughput' ? measured >= limit : measured <= limit) return { check, outcome: 'met' };
  const busy = [check.from, check.to].find(({ node }) => noisy.has(node));
  const fastest = what === 'p50' || what === 'p99' ? idleSeries(pair, path)?.min : undefined;
  if (busy === undefined || (fastest !== undefined && fastest > limit)) return { check, outcome: 'missed' };
  return { check, outcome: 'unsure', reason: `${busy.node} ${noisy.get(busy.node)}` };
}

function whyMissing(pair: PairBench, path: NetworkPath, what: BudgetKey): string {
  const samples = idleSeries(pair, path)?.samples;
  if (what === 'p99' && samples !== undefined)
    return `only ${samples} messages were measured, a p99 needs 1,000`;
  const reasons = pair.missing.map((missing) => `${missing.what}: ${missing.reason}`);
  return reasons.length > 0 ? reasons.join('; ') : 'it was not measured';
}

/** Whether the throughput has to be measured for the budget to be judged. */
export function limitsThroughput({ paths, pairs, ...general }: Budget): boolean {
  return [general, ...Object.values(paths), ...pairs].some(({ throughput }) => throughput !== undefined);
}

function hasLimits({ paths, pairs, ...general }: Budget): boolean {
  const all = [
    general,
    paths.host ?? {},
    paths.overlay ?? {},
    ...pairs.map(({ between, ...limits }) => limits),
  ];
  return all.some((limits) => Object.keys(limits).length > 0);
}
