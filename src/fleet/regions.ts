import { join } from 'node:path';
import { SwarmctlError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { unknownRegion } from './aws-regions.ts';
import { buildFleet } from './build.ts';
import type { Given } from './flags.ts';
import type { Fleet } from './model.ts';
import { maxClusters, nameSchema } from './schema.ts';

const exampleApp = join(packageRoot, 'examples', 'hello', 'compose.yaml');

/**
 * The fleet without a file: one cluster per region, with the example app. The fleet has the name of its target.
 *
 * @param directory absolute folder that gets the state
 * @throws usage for names that cannot be clusters
 */
export function fleetOfRegions(
  regions: Given<readonly string[]>,
  directory: string,
  target: Fleet['target'] = 'local',
): Fleet {
  refuseBadNames(regions);
  if (target === 'aws') refuseUnknownRegions(regions);
  const clusters = Object.fromEntries(regions.value.map((region) => [region, null]));
  return buildFleet({ fleet: target, target, clusters, apps: exampleApp }, directory);
}

function refuseUnknownRegions({ value: names, by }: Given<readonly string[]>): void {
  for (const name of names) {
    const unknown = unknownRegion(name);
    if (unknown) throw new SwarmctlError('usage', `${by}: ${unknown.message}`, { hint: unknown.hint });
  }
}

function refuseBadNames({ value: names, by }: Given<readonly string[]>): void {
  const bad = names.find((name) => !nameSchema.safeParse(name).success);
  if (bad !== undefined) {
    const expected = nameSchema.safeParse(bad).error?.issues[0]?.message;
    throw new SwarmctlError('usage', `${by}: expected ${expected}, found "${bad}"`, {
      hint: `Name the regions like this: us-east-1,eu-west-1`,
    });
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new SwarmctlError('usage', `${by} names "${twice}" twice`, {
      hint: 'Name each region once; several clusters in one region need a swarmctl.yaml.',
    });
  }
  if (names.length > maxClusters) {
    throw new SwarmctlError('usage', `${by}: expected 1 to ${maxClusters} regions, found ${names.length}`, {
      hint: 'Split them into several fleets.',
    });
  }
}
