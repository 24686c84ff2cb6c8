import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { SwarmctlError } from '../errors.ts';
import type { ComposeFileObject, ComposeModel, Contents, Locate } from './model.ts';

/** The engine's limits: it takes less than this many bytes. */
const limits = { config: 1000 * 1024, secret: 500 * 1024 };

type ContentKind = keyof typeof limits;

/**
 * Reads the files that configs and secrets are made of, byte by byte as they are.
 * @param supplied contents that come from elsewhere
 * @throws SwarmctlError `config` for a file that is missing, empty or too large for the engine
 */
export async function readContents(
  model: ComposeModel,
  supplied: Contents,
  locate: Locate,
): Promise<Contents> {
  const [configs, secrets] = await Promise.all([
    readFiles('config', model.configs ?? {}, supplied.configs, locate),
    readFiles('secret', model.secrets ?? {}, supplied.secrets, locate),
  ]);
  return { configs, secrets };
}

async function readFiles(
  kind: ContentKind,
  objects: Record<string, ComposeFileObject>,
  supplied: ReadonlyMap<string, Buffer>,
  locate: Locate,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  for (const [key, { external, file, driver }] of Object.entries(objects)) {
    const content = supplied.get(key);
    if (content) contents.set(key, content);
    if (external || content) continue;
    if (driver) {
      contents.set(key, Buffer.alloc(0));
      continue;
    }
    const subject = `${locate(`${kind}s`, key, 'file')}: ${kind} \`${key}\``;
    contents.set(key, await readObject(subject, kind, file ?? ''));
  }
  return contents;
}

async function readObject(subject: string, kind: ContentKind, file: string): Promise<Buffer> {
  try {
    const facts = await stat(file);
    const fault = faultOf(kind, facts);
    if (fault) throw new SwarmctlError('config', `${subject} ${fault}: ${file}`);
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof SwarmctlError) throw cause;
    throw new SwarmctlError('config', `${subject}: ${file} ${unreadable(cause)}`, { cause });
  }
}

function faultOf(kind: ContentKind, facts: Stats): string | undefined {
  if (!facts.isFile()) return 'needs `file` with a regular file or `external: true`';
  return contentFault(kind, facts.size);
}

/** Why the engine would not take so many bytes, to follow the words for where they come from. */
export function contentFault(kind: ContentKind, bytes: number): string | undefined {
  if (bytes === 0) return 'is empty, which the engine refuses';
  if (bytes >= limits[kind]) return `has ${bytes} bytes, and the engine takes less than ${limits[kind]}`;
  return undefined;
}

/** A sentence for each secret of a file that ends with a newline: to most programs it is not part of a password. */
export function newlineNotes({ secrets }: Contents, supplied: Contents, locate: Locate): string[] {
  return [...secrets]
    .filter(([key, content]) => !supplied.secrets.has(key) && endsWithNewline(content))
    .map(([key]) => newlineNote(locate('secrets', key, 'file'), key));
}

export function newlineNote(at: string, name: string): string {
  return `${at}: secret \`${name}\` ends with a newline, which is kept`;
}

export function endsWithNewline(content: Buffer): boolean {
  return content.at(-1) === '\n'.charCodeAt(0);
}

/** Why a file cannot be read, to follow its name. */
export function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'EACCES') return 'may not be read by this user';
  return `cannot be read (${String(code ?? error)})`;
}
