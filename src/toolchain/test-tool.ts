import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { installFolder } from './install.ts';
import { withLock } from './lock.ts';
import type { Setup } from './setup.ts';

/** Milliseconds that a build may take on a slow machine; each is built once. */
export const testToolBuildMs = 30 * 60_000;

/**
 * Makes sure of what is built from a module in tools/ for tests alone; it is built anew when its sources have changed.
 * @param sources names of the files in the module's folder.
 * @param build fills the folder that it is given.
 * @returns the folder, in the cache.
 */
export async function ensureTestTool(
  module: string,
  sources: readonly string[],
  setup: Setup,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const name of sources) hash.update(await readFile(join(packageRoot, 'tools', module, name)));
  const folder = join(setup.cache, module, hash.digest('hex').slice(0, 12));
  const lock = { deadlineMs: testToolBuildMs, signal: setup.signal };
  await withLock(join(setup.cache, 'locks', `${module}.lock`), lock, () => installFolder(folder, build));
  return folder;
}
