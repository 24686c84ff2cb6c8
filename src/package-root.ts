import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute folder of the swarmctl package, from the sources as from a build: what it ships is found from here. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'swarmctl') return folder;
  if (dirname(folder) === folder) throw new Error('the package.json of swarmctl is missing');
  return findPackageRoot(dirname(folder));
}
