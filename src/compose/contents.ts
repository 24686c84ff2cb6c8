import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { SwarmctlError } from '../errors.ts';
import type { ComposeFileObject, ComposeModel, Contents, Locate } from './model.ts';

/** The engine's limits: it takes less than this many bytes. */
const limits = { config: 1000 * 1024, secret: 500 * 1024 };

/**
 * Reads the files that configs and secrets are made of, byte by byte as they are.
 * @throws SwarmctlError `config` for a file that is missing, empty or too large for the engine
 */
export async function readContents(model: ComposeModel, locate: Locate): Promise<Contents> {
  const [configs, secrets] = await Promise.all([
    readFiles('config', model.configs ?? {}, locate),
    readFiles('secret', model.secrets ?? {}, locate),
  ]);
  return { configs, secrets };
}

async function readFiles(
  kind: keyof typeof limits,
  objects: Record<string, ComposeFileObject>,
  locate: Locate,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  for (const [key, { external, file, driver }] of Object.entries(objects)) {
    if (external) continue;
    if (driver) {
      contents.set(key, Buffer.alloc(0));
      continue;
    }
    const subject = `${locate(`${kind}s`, key, 'file')}: ${kind} \`${key}\``;
    contents.set(key, await readObject(subject, file ?? '', limits[kind]));
  }
  return contents;
}

async function readObject(subject: string, file: string, limit: number): Promise<Buffer> {
  try {
    const facts = await stat(file);
    const fault = faultOf(facts, limit);
    if (fault) throw new SwarmctlError('config', `${subject} ${fault}: ${file}`);
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof SwarmctlError) throw cause;
    throw new SwarmctlError('config', `${subject}: ${file} ${unreadable(cause)}`, { cause });
  }
}

function faultOf(facts: Stats, limit: number): string | undefined {
  if (!facts.isFile()) return 'needs `file` with a regular file or `external: true`';
  if (facts.size === 0) return 'is an empty file, which the engine refuses';
  if (facts.size >= limit) return `has ${facts.size} bytes, and the engine takes less than ${limit}`;
  return undefined;
}

/** Why a file cannot be read, to follow its name. */
export function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'EACCES') return 'may not be read by this user';
  return `cannot be read (${String(code ?? error)})`;
}
