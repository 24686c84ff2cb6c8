import { resolve } from 'node:path';
import { existingFiles } from './existing-files.ts';
import { fleetFileNames, readFleetSource } from './source.ts';

/** A name that a shell may be offered as it is. */
const harmless = /^[A-Za-z0-9-]+$/;

/**
 * The clusters of a fleet file and their regions, as far as they can be made out: the rest of the file may be wrong.
 * @param file as `--file` has it; else that of the environment or of the folder.
 * @throws SwarmctlError when the file cannot be read or is not YAML.
 */
export async function namedClusters(
  file: string | undefined,
  { directory, env }: { directory: string; env: NodeJS.ProcessEnv },
): Promise<{ name: string; region: string }[]> {
  const path = file ?? (env.SWARMCTL_FILE || (await existingFiles(directory, fleetFileNames))[0]);
  if (path === undefined) return [];
  const { data } = await readFleetSource(resolve(directory, path), path);
  const { clusters } = Object(data) as { clusters?: unknown };
  if (Array.isArray(clusters)) return [];
  return Object.entries(Object(clusters))
    .map(([name, cluster]) => ({ name, region: String(Object(cluster).region ?? name) }))
    .filter(({ name, region }) => harmless.test(name) && harmless.test(region));
}
