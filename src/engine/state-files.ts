import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a backend that is a folder keeps its files; undefined for any other. */
export function folderOf(backend: string): string | undefined {
  const scheme = 'file://';
  return backend.startsWith(scheme) ? join(backend.slice(scheme.length), '.pulumi') : undefined;
}

/** A stack's file, as far as it is read here: version 3 of Pulumi's checkpoints (sdk/go/common/apitype/core.go). */
interface StackFile {
  version: number;
  checkpoint?: {
    latest?: {
      resources?: unknown[];
      secrets_providers?: { type: string; state?: { salt?: string } };
      pending_operations?: { type: string; resource: { urn: string } }[];
    } | null;
  };
}

export type Snapshot = NonNullable<NonNullable<StackFile['checkpoint']>['latest']>;

const stackFileVersion = 3;

/** What a backend that is a folder holds of a stack; undefined where Pulumi has to be asked. */
export async function readSnapshot(
  backend: string,
  project: string,
  stack: string,
): Promise<Snapshot | undefined> {
  const root = folderOf(backend);
  if (root === undefined) return undefined;
  const text = await readFile(join(root, 'stacks', project, `${stack}.json`), 'utf8').catch(() => '');
  const file = parseJson(text) as StackFile | null | undefined;
  return file?.version === stackFileVersion && file.checkpoint ? (file.checkpoint.latest ?? {}) : undefined;
}

/**
 * The stacks of a backend that is a folder, by name. Pulumi takes a process to say the same.
 * @returns undefined where Pulumi has to be asked, also where it is to say what is wrong with a file.
 */
export async function readSnapshots(
  backend: string,
  project: string,
): Promise<Map<string, Snapshot> | undefined> {
  const root = folderOf(backend);
  const files = root && (await readdir(join(root, 'stacks', project)).catch(() => undefined));
  if (!files) return undefined;
  const stacks = new Map<string, Snapshot>();
  for (const file of files.filter((name) => !isBesides(name))) {
    const name = file.slice(0, -'.json'.length);
    const snapshot = file.endsWith('.json') ? await readSnapshot(backend, project, name) : undefined;
    if (!snapshot) return undefined;
    stacks.set(name, snapshot);
  }
  return stacks;
}

/** Backups and the attributes that the backend keeps of its files. */
function isBesides(name: string): boolean {
  return name.endsWith('.bak') || name.endsWith('.attrs');
}

/** The stacks of a backend that is a folder whose files are cut off or otherwise not JSON, as paths. */
export async function damagedFiles(backend: string, project: string): Promise<string[]> {
  const root = folderOf(backend);
  return root === undefined
    ? []
    : unreadable(join(root, 'stacks', project), (name) => name.endsWith('.json'));
}

/**
 * Removes what is left of locks that a full disk kept from being written: Pulumi reads every file there is among the
 * locks of a stack and fails at one that it cannot.
 * @returns how many there were.
 */
export async function removeBrokenLocks(backend: string, project: string, stack: string): Promise<number> {
  const root = folderOf(backend);
  if (root === undefined) return 0;
  const isLock = (name: string) => !name.endsWith('.attrs');
  const broken = await unreadable(join(root, 'locks', 'organization', project, stack), isLock);
  await Promise.all(broken.map((file) => rm(file, { force: true })));
  return broken.length;
}

async function unreadable(folder: string, isMeant: (name: string) => boolean): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter(isMeant);
  const files = names.map((name) => join(folder, name));
  const states = await Promise.all(files.map((file) => readFile(file, 'utf8').then(isJson, () => true)));
  return files.filter((_, index) => !states[index]);
}

function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What tells one version of a stack's state from any other; empty for a backend that is no folder. */
export async function stackVersion(backend: string, project: string, stack: string): Promise<string> {
  const root = folderOf(backend);
  if (root === undefined) return '';
  const text = await readFile(join(root, 'stacks', project, `${stack}.json`)).catch(() => '');
  return createHash('sha256').update(text).digest('hex');
}
