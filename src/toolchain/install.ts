import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Fills the folder `target` in one step: what `fill` puts into a folder beside it becomes `target` when it is complete.
 * A folder that is there is left alone. The caller holds the lock of `target`.
 * @param fill gets the absolute folder to fill.
 */
export async function installFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  await removeLeftovers(target);
  const partial = await mkdtemp(partialPrefix(target));
  try {
    await fill(partial);
    await rename(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Runs that were killed leave their half-filled folders. */
async function removeLeftovers(target: string): Promise<void> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  const leftovers = (await readdir(parent)).filter((name) =>
    name.startsWith(basename(partialPrefix(target))),
  );
  await Promise.all(leftovers.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

function partialPrefix(target: string): string {
  return join(dirname(target), `.partial-${basename(target)}-`);
}
