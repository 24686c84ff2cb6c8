import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** Folder of the examples. */
export const examplesFolder = join(packageRoot, 'examples');

/** The examples for other programs, by their paths in that folder. */
export const automationFiles: ReadonlyMap<string, string> = new Map(
  ['github-actions', 'gitlab-ci', 'cron', 'systemd'].flatMap((folder) =>
    readdirSync(join(examplesFolder, folder)).map((name) => {
      const path = join(folder, name);
      return [path, readFileSync(join(examplesFolder, path), 'utf8')] as const;
    }),
  ),
);

/** The text of one. */
export function exampleFile(path: string): string {
  const text = automationFiles.get(path);
  if (text === undefined) throw new Error(`there is no examples/${path}`);
  return text;
}
