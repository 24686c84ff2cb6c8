import type { BudgetCheck, BudgetKey } from '../report/bench-verdict.ts';

/** `p99 from a to b (overlay) is 0.35 ms, 0.25 ms over the allowed 0.1 ms`. */
export function describeCheck({ from, to, path, what, limit, measured }: BudgetCheck): string {
  const where = `${what} from ${from.node} to ${to.node} (${path})`;
  if (measured === undefined) return `${where} is not known`;
  const format = formats[what];
  const [side, word] = what === 'throughput' ? ['under', 'required'] : ['over', 'allowed'];
  return `${where} is ${format(measured)}, ${format(Math.abs(measured - limit))} ${side} the ${word} ${format(limit)}`;
}

/** How many times over its limit something is, so that latencies and throughputs can be ranked together. */
export function timesOver({ what, limit, measured = 0 }: BudgetCheck): number {
  return what === 'throughput' ? limit / measured : measured / limit;
}

const formats: Record<BudgetKey, (value: number) => string> = {
  p50: formatMs,
  p99: formatMs,
  loss: (share) => `${Number((share * 100).toPrecision(3))} %`,
  throughput: (bits) => `${Number((bits / 1e6).toPrecision(4))} Mbit/s`,
};

/** Of microseconds, to a tenth of one, in one unit for all, so that the three numbers can be compared. */
function formatMs(microseconds: number): string {
  return `${Number((microseconds / 1_000).toFixed(4))} ms`;
}
