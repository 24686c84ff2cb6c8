import { SwarmctlError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { type Given, givenNames } from './flags.ts';
import type { Cluster, Fleet } from './model.ts';

export interface Selection {
  /** `--regions`: every cluster of these regions. */
  regions?: readonly string[] | undefined;
  /** `--clusters`: the clusters of these names. With both, those that meet both. */
  clusters?: readonly string[] | undefined;
}

/**
 * The clusters that a command works on, in the order of the file: all of them unless names are given.
 *
 * @param env `SWARMCTL_REGIONS` and `SWARMCTL_CLUSTERS` stand in for names that are not given
 * @throws usage for an empty or unknown name, or when no cluster is left
 */
export function selectClusters(fleet: Fleet, selection: Selection, env: NodeJS.ProcessEnv): Cluster[] {
  const regions = givenNames('regions', selection.regions, env);
  const clusters = givenNames('clusters', selection.clusters, env);
  refuseUnknown('region', regions, distinct(fleet.clusters.map(({ region }) => region)));
  refuseUnknown(
    'cluster',
    clusters,
    fleet.clusters.map(({ name }) => name),
  );
  const selected = fleet.clusters.filter(
    ({ name, region }) =>
      (regions?.value.includes(region) ?? true) && (clusters?.value.includes(name) ?? true),
  );
  if (selected.length === 0) throw nothingSelected(regions, clusters);
  return selected;
}

function refuseUnknown(
  kind: 'region' | 'cluster',
  given: Given<readonly string[]> | undefined,
  known: readonly string[],
): void {
  const unknown = distinct(given?.value ?? []).filter((name) => !known.includes(name));
  if (given === undefined || unknown.length === 0) return;
  const names = unknown.map((name) => `"${name}"`).join(', ');
  const meant = distinct(unknown.map((name) => nearest(name, known)).filter((name) => name !== undefined));
  const suggestion = meant.length === 0 ? '' : `Did you mean ${meant.join(', ')}? `;
  throw new SwarmctlError(
    'usage',
    `${given.by}: unknown ${kind}${unknown.length === 1 ? '' : 's'} ${names}`,
    {
      hint: `${suggestion}The ${kind}s of this fleet: ${known.join(', ')}`,
    },
  );
}

function nothingSelected(
  regions: Given<readonly string[]> | undefined,
  clusters: Given<readonly string[]> | undefined,
): SwarmctlError {
  const message = `none of ${clusters?.by} ${clusters?.value.join(',')} is in ${regions?.by} ${regions?.value.join(',')}`;
  return new SwarmctlError('usage', message, { hint: 'Give one of the two, or names that belong together.' });
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}
