import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * What a run sets out to make, kept until it is made: whatever kills the run or its provider, the next one knows what
 * it finds in the swarm for its own. Pulumi forgets it with a refresh, and takes a failed create for none.
 * @param folder of the stack's working files.
 * @param made what is going to be made, such as `Service shop_web`.
 */
export async function whileMaking<T>(
  folder: string,
  made: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const names = [...new Set([...(await readBegun(folder)), ...made])];
  const file = fileIn(folder);
  if (names.length > 0) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify(names));
  }
  const result = await work();
  await rm(file, { force: true });
  return result;
}

/** What earlier runs set out to make and did not see made, such as `Service shop_web`. */
export async function readBegun(folder: string): Promise<string[]> {
  try {
    return JSON.parse(await readFile(fileIn(folder), 'utf8')) as string[];
  } catch {
    return [];
  }
}

function fileIn(folder: string): string {
  return join(folder, 'begun.json');
}
