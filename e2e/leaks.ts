import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The forms in which a secret may come to light. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
  return [...new Set([secret, secret.trim(), ...encoded, encodeURIComponent(secret.trim())])];
}

/**
 * Looks for secrets while something runs: in the arguments and the environment of every process, and in the files of
 * a folder.
 * @param given to which processes their caller gives secrets in the environment, by their command line.
 * @returns what to call at the end, which tells where secrets were seen.
 */
export function watchForLeaks(
  secrets: readonly string[],
  folder: string,
  given?: RegExp,
): () => Promise<string[]> {
  const forms = secrets.flatMap(formsOf);
  const leaks = new Set<string>();
  const ended = new AbortController();
  const look = async () => {
    for (const place of [...(await processFiles()), ...(await filesBelow(folder))])
      if ((await holds(place, forms)) && !(await isGiven(place, given))) leaks.add(await described(place));
  };
  const watching = (async () => {
    while (!ended.signal.aborted) {
      await look();
      await sleep(50);
    }
  })();
  return async () => {
    ended.abort();
    await watching;
    await look();
    return [...leaks];
  };
}

/** The files below a folder that hold a secret. */
export async function filesWith(secrets: readonly string[], folder: string): Promise<string[]> {
  const forms = secrets.flatMap(formsOf);
  const files = await filesBelow(folder);
  const found = await Promise.all(files.map((file) => holds(file, forms)));
  return files.filter((_, index) => found[index]);
}

async function processFiles(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return ids.flatMap((id) => [`/proc/${id}/cmdline`, `/proc/${id}/environ`]);
}

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** A process or a file that has gone meanwhile holds nothing. */
async function holds(path: string, forms: readonly string[]): Promise<boolean> {
  const text = await readFile(path, 'latin1').catch(() => '');
  return forms.some((form) => text.includes(form));
}

/** One that has gone meanwhile cannot be told apart: it is seen again, or was on its way out. */
async function isGiven(path: string, given: RegExp | undefined): Promise<boolean> {
  if (!given || !path.endsWith('/environ')) return false;
  const command = await readFile(join(path, '..', 'cmdline'), 'utf8').catch(() => '');
  return command === '' || given.test(command.replaceAll('\0', ' '));
}

async function described(path: string): Promise<string> {
  if (!path.startsWith('/proc/')) return path;
  const command = await readFile(join(path, '..', 'cmdline'), 'utf8').catch(() => '');
  return `${path} of ${command.replaceAll('\0', ' ').slice(0, 200)}`;
}
