import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredIds } from './image-archive.ts';

/**
 * What was once read from the archive of an image: without it, each run would save all images only to know what the
 * nodes call them.
 * @param folder made when it is first needed.
 */
export async function readStoredIds(folder: string, id: string): Promise<StoredIds | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(folder, id), 'utf8')) as StoredIds;
  } catch {
    // Not known yet, or cut off while it was written: the archive tells.
    return undefined;
  }
}

export async function writeStoredIds(folder: string, id: string, ids: StoredIds): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(fileOf(folder, id), JSON.stringify(ids));
}

function fileOf(folder: string, id: string): string {
  return join(folder, `${id.replace(/^sha256:/, '')}.json`);
}
