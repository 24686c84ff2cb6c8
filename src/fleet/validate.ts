import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nearest } from '../nearest.ts';
import { positionOf, type YamlPath } from '../yaml-position.ts';
import { awsProblems } from './aws-problems.ts';
import { namesOfPairs } from './budget.ts';
import { buildFleet } from './build.ts';
import { regionOfArn } from './build-apps.ts';
import { problemsOf } from './issues.ts';
import { type Problem, problemsError } from './problems.ts';
import { appsSchema, type FleetFile, fleetFileSchema } from './schema.ts';
import type { FleetSource } from './source.ts';
import { awsKeys, sourceKeys } from './sources-schema.ts';
import { targetProblems } from './validate-target.ts';

/**
 * Checks a fleet file's shape, its names and the paths that it gives.
 *
 * @param directory absolute folder that paths are relative to
 * @throws config with all problems of the file
 */
export async function validateFleetFile(source: FleetSource, directory: string): Promise<FleetFile> {
  const shape = fleetFileSchema.safeParse(source.data, { reportInput: true });
  const problems = [
    ...(shape.error?.issues ?? []).flatMap((issue) => problemsOf(issue, source)),
    ...(await composeFileProblems(source, directory)),
  ];
  if (shape.success) {
    problems.push(
      ...targetProblems(shape.data, source),
      ...nodeNameProblems(shape.data, source),
      ...sourceProblems(shape.data, source),
      ...orderProblems(shape.data, source),
      ...pairNameProblems(shape.data, source, directory),
      ...awsProblems(shape.data, source),
    );
  }
  if (!shape.success || problems.length > 0) throw problemsError(source.shownAs, problems);
  return shape.data;
}

/** Compose files that are missing; looked for even when other keys are wrong, to tell everything at once. */
async function composeFileProblems(source: FleetSource, directory: string): Promise<Problem[]> {
  const { apps, clusters } = source.data as { apps?: unknown; clusters?: Record<string, unknown> };
  const lists: [YamlPath, unknown][] = [[['apps'], apps]];
  for (const [name, cluster] of Object.entries(clusters ?? {}))
    lists.push([['clusters', name, 'overrides'], (cluster as { overrides?: unknown } | null)?.overrides]);
  const problems = lists.map(([where, written]) => missingFiles(where, written, source, directory));
  return (await Promise.all(problems)).flat();
}

async function missingFiles(
  where: YamlPath,
  written: unknown,
  { document, lineCounter }: FleetSource,
  directory: string,
): Promise<Problem[]> {
  const { data } = appsSchema.safeParse(written);
  const problems = await Promise.all(
    [data ?? []].flat().map(async (path, index) => {
      const reason = await whyNoFile(resolve(directory, path));
      if (reason === undefined) return [];
      const place = positionOf(document, lineCounter, typeof data === 'string' ? where : [...where, index]);
      return [{ ...place, message: `${where.join('.')}: expected a compose file at "${path}", ${reason}` }];
    }),
  );
  return problems.flat();
}

async function whyNoFile(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? undefined : 'found a folder or a device';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'found none' : `which cannot be read: ${code}`;
  }
}

/** Node names are host names, which are limited to 63 characters. */
const maxHostName = 63;

function nodeNameProblems(file: FleetFile, { document, lineCounter }: FleetSource): Problem[] {
  if (file.target === 'hosts') return [];
  return Object.keys(file.clusters).flatMap((name) => {
    const excess = longestNodeName(file, name).length - maxHostName;
    if (excess <= 0) return [];
    const place = positionOf(document, lineCounter, ['clusters', name], 'key');
    const message = `the node name ${longestNodeName(file, name)} would be ${excess} characters too long`;
    return [{ ...place, message, hint: `Shorten the name of the fleet or of the cluster by ${excess}.` }];
  });
}

function longestNodeName({ fleet, defaults, clusters }: FleetFile, name: string): string {
  const workers = clusters[name]?.workers ?? defaults?.workers ?? 0;
  return workers >= 10 ? `${fleet}-${name}-worker-${workers}` : `${fleet}-${name}-manager-1`;
}

/** A limit between names that nothing has would never be looked at. */
function pairNameProblems(
  file: FleetFile,
  { document, lineCounter }: FleetSource,
  directory: string,
): Problem[] {
  const known = namesOfPairs(
    file.fleet,
    buildFleet({ ...file, secrets: {}, configs: {} }, directory).clusters,
  );
  return (file.bench?.budget?.pairs ?? []).flatMap(({ between }, pair) =>
    [...between.entries()].flatMap(([index, name]) => {
      if (known.includes(name)) return [];
      const path = ['bench', 'budget', 'pairs', pair, 'between', index];
      const meant = nearest(name, known);
      const hint =
        meant === undefined ? 'Name clusters of this file or their nodes.' : `Did you mean "${meant}"?`;
      const message = `bench.budget.pairs[${pair}].between: no cluster and no node is named "${name}"`;
      return [{ ...positionOf(document, lineCounter, path), message, hint }];
    }),
  );
}

/** Content comes from one place. */
function sourceProblems(file: FleetFile, { document, lineCounter }: FleetSource): Problem[] {
  return (['secrets', 'configs'] as const).flatMap((kind) =>
    Object.entries(file[kind] ?? {}).flatMap(([name, written]) => {
      const given = sourceKeys.filter((key) => written[key] !== undefined);
      if (given.length === 1) return secretProblems([kind, name], written, { document, lineCounter });
      const found = given.length === 0 ? 'none' : given.join(' and ');
      const message = `${kind}.${name}: expected one of ${sourceKeys.join(', ')}, found ${found}`;
      return [{ ...positionOf(document, lineCounter, [kind, name]), message }];
    }),
  );
}

/** What stands beside `aws-secret` has to fit it. */
function secretProblems(
  path: YamlPath,
  written: NonNullable<FleetFile['secrets']>[string],
  { document, lineCounter }: Pick<FleetSource, 'document' | 'lineCounter'>,
): Problem[] {
  const { 'aws-secret': id, region } = written;
  const problem = (key: string, message: string) => [
    { ...positionOf(document, lineCounter, [...path, key]), message: `${path.join('.')}.${key}: ${message}` },
  ];
  if (id === undefined)
    return awsKeys.flatMap((key) =>
      written[key] === undefined ? [] : problem(key, 'only aws-secret has it'),
    );
  const known = regionOfArn(id);
  return region === undefined || known === undefined || region === known
    ? []
    : problem('region', `expected ${known} as in the ARN, or nothing, found "${region}"`);
}

/** Names in the order of a rollout that are no cluster's, or stand there twice. */
function orderProblems({ rollout, clusters }: FleetFile, { document, lineCounter }: FleetSource): Problem[] {
  const names = Object.keys(clusters);
  return (rollout?.order ?? []).flatMap((name, index, order) => {
    const place = positionOf(document, lineCounter, ['rollout', 'order', index]);
    if (order.indexOf(name) < index)
      return [{ ...place, message: `rollout.order: the cluster "${name}" stands there twice` }];
    if (names.includes(name)) return [];
    const meant = nearest(name, names);
    const hint = meant === undefined ? `The clusters are ${names.join(', ')}.` : `Did you mean "${meant}"?`;
    return [{ ...place, message: `rollout.order: there is no cluster "${name}"`, hint }];
  });
}
