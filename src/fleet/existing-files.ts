import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Those of the names that exist in a folder, in the order given. */
export async function existingFiles(directory: string, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map((name) =>
      access(join(directory, name)).then(
        () => [name],
        () => [],
      ),
    ),
  );
  return found.flat();
}
