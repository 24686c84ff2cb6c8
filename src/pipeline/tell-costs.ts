import { fleetCost } from '../cost/cost.ts';
import type { Cluster } from '../fleet/model.ts';
import { fleetLinks } from './links.ts';
import type { Run } from './run.ts';

/**
 * Tells what each cluster will cost a month, and what it was said to cost when it was last brought up: by the price
 * table, not by what AWS charges.
 */
export async function tellCosts(run: Run, clusters: readonly Cluster[]): Promise<void> {
  if (run.fleet.target !== 'aws') return;
  const { clusters: costs, shared, prices } = fleetCost(run.fleet, clusters);
  for (const { name, monthly } of costs) {
    const before = run.existing.has(name) ? await lastCost(run, name) : 0;
    const message = `${describeCost(monthly, before)}, by prices of ${prices?.date}`;
    run.emit({ type: 'note', level: 'info', message, cluster: name });
  }
  for (const { what, monthly } of shared) {
    const message = `${monthly.toFixed(2)} USD a month for the ${what}, by prices of ${prices?.date}`;
    run.emit({ type: 'note', level: 'info', message, cluster: fleetLinks.name });
  }
}

async function lastCost({ workspace }: Run, name: string): Promise<number | undefined> {
  const { monthly } = (await workspace.outputs(name)) ?? {};
  return typeof monthly === 'number' ? monthly : undefined;
}

/**
 * @param before undefined where it is not known.
 * @returns such as `109.85 USD a month (+23.95)`
 */
export function describeCost(monthly: number, before: number | undefined): string {
  const shown = `${monthly.toFixed(2)} USD a month`;
  if (before === undefined) return shown;
  const difference = monthly - before;
  return `${shown} (${difference < 0 ? '' : '+'}${difference.toFixed(2)})`;
}
