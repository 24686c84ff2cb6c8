import { dirname, relative, resolve } from 'node:path';
import { SwarmctlError } from '../errors.ts';
import { buildFleet } from './build.ts';
import { existingFiles } from './existing-files.ts';
import { type Given, givenNames, givenTarget, givenWord } from './flags.ts';
import type { Fleet } from './model.ts';
import { fleetOfRegions } from './regions.ts';
import { fleetFileNames, readFleetSource } from './source.ts';
import { validateFleetFile } from './validate.ts';

export interface LoadOptions {
  /** `--file`, relative to `directory`. */
  file?: string | undefined;
  /** `--target`. */
  target?: string | undefined;
  /** `--regions`: they make the fleet where there is no file; where there is one, `selectClusters` selects by them. */
  regions?: readonly string[] | undefined;
  /** Absolute folder that is searched for `swarmctl.yaml`: the working directory. */
  directory: string;
  /** `SWARMCTL_FILE`, `SWARMCTL_TARGET` and `SWARMCTL_REGIONS` stand in for flags that are not given. */
  env: NodeJS.ProcessEnv;
  /** Whether a person is watching, who would notice a fleet made in the wrong folder. */
  isTerminal: boolean;
}

/**
 * The fleet of the fleet file, or without one a local fleet of the given regions with the example app.
 * Flags beat the environment, which beats the file.
 *
 * @throws usage when there is neither a file nor regions, or a flag is wrong
 * @throws config with all problems of the file, each with its line and column
 */
export async function loadFleet(options: LoadOptions): Promise<Fleet> {
  const target = givenTarget(options.target, options.env);
  const fleet = await loadFleetFile(options);
  if (fleet) return ofTarget(fleet, target);
  const regions = givenNames('regions', options.regions, options.env);
  if (regions === undefined) throw noFile(options.directory);
  if (target === undefined && !options.isTerminal) throw targetNotGiven(options.directory);
  if (target?.value === 'hosts') throw machinesNotNamed(target);
  return fleetOfRegions(regions, options.directory, target?.value);
}

/** What a file says depends on its target, so a flag cannot change it. */
function ofTarget(fleet: Fleet, target: Given<Fleet['target']> | undefined): Fleet {
  if (target === undefined || target.value === fleet.target) return fleet;
  throw new SwarmctlError(
    'usage',
    `${target.by}: expected ${fleet.target}, which is the fleet's, found ${target.value}`,
    {
      hint: 'The target of a fleet stands in its file.',
    },
  );
}

function machinesNotNamed({ by }: Given<Fleet['target']>): SwarmctlError {
  return new SwarmctlError('usage', `${by}: the target hosts needs a swarmctl.yaml that names the machines`, {
    hint: 'Write one with `swarmctl init` and give each cluster its `nodes`.',
  });
}

/**
 * The fleet of the fleet file alone; undefined where there is none and none was asked for.
 * @throws usage, config as `loadFleet`
 */
export async function loadFleetFile({
  file,
  directory,
  env,
}: Pick<LoadOptions, 'file' | 'directory' | 'env'>): Promise<Fleet | undefined> {
  const path = givenWord('file', file, env)?.value ?? (await findFile(directory));
  return path === undefined ? undefined : readFleet(resolve(directory, path), directory);
}

async function readFleet(file: string, workingDirectory: string): Promise<Fleet> {
  const source = await readFleetSource(file, shownFrom(workingDirectory, file));
  const directory = dirname(file);
  return { ...buildFleet(await validateFleetFile(source, directory), directory, source), file };
}

/** Relative as long as that is a way down, so that an editor's terminal can open `swarmctl.yaml:3:5`. */
function shownFrom(directory: string, file: string): string {
  const path = relative(directory, file);
  return path.startsWith('..') ? file : path;
}

async function findFile(directory: string): Promise<string | undefined> {
  const [found, another] = await existingFiles(directory, fleetFileNames);
  if (another === undefined) return found;
  throw new SwarmctlError('usage', `${directory} has both ${found} and ${another}`, {
    hint: `Remove one, or say which with --file ${found}.`,
  });
}

function noFile(directory: string): SwarmctlError {
  return new SwarmctlError('usage', `there is no swarmctl.yaml in ${directory}`, {
    hint: 'Write one with `swarmctl init`, give its path with --file, or name regions for a local fleet: --regions us-east-1,eu-west-1',
  });
}

function targetNotGiven(directory: string): SwarmctlError {
  return new SwarmctlError(
    'usage',
    `there is no swarmctl.yaml in ${directory}, and without a terminal a local fleet is made only when asked for`,
    {
      hint: 'Add --target local (or SWARMCTL_TARGET=local), or give the path of the fleet file with --file.',
    },
  );
}
