import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { SwarmctlError } from '../errors.ts';
import { decodeUtf8 } from '../utf8.ts';
import { checkKeys } from './check-keys.ts';
import { newlineNotes, readContents, unreadable } from './contents.ts';
import type { ComposeFile, ComposeModel, Contents } from './model.ts';
import { explainRefusal } from './refusal.ts';
import { locate, parseSource, type Source } from './source.ts';
import { type StackConfigOptions, stackConfig } from './stack-config.ts';
import { unusedNotes, withSupplied } from './supplied.ts';
import { unsetVariables } from './variables.ts';

export interface LoadOptions {
  /** Variables of the cluster, over those of the shell. */
  env: Record<string, string>;
  cluster: string;
  region: string;
  /** Contents of configs and secrets that do not come from the files which the compose files name. */
  supplied?: Contents;
  signal?: AbortSignal;
}

/**
 * Reads the compose files of an app for one cluster. `SWARMCTL_CLUSTER` and `SWARMCTL_REGION` are set for them.
 * @param files merged in this order; paths in them are relative to the first
 * @throws SwarmctlError `config` with file, line and column for anything wrong in a file; `toolchain`, `timeout`
 *   and `interrupted` when the docker client cannot be asked
 */
export async function loadCompose(files: readonly string[], options: LoadOptions): Promise<ComposeFile> {
  const supplied = options.supplied ?? { configs: new Map(), secrets: new Map() };
  const { model: written, notes, ...compose } = await loadServices(files, options);
  const model = withSupplied(written, supplied);
  const contents = await readContents(model, supplied, compose.locate);
  const contentNotes = newlineNotes(contents, supplied, compose.locate);
  return { ...compose, model, contents, notes: [...notes, ...unusedNotes(model, supplied), ...contentNotes] };
}

/**
 * The same without the contents of configs and secrets: enough for what is about services alone.
 * @throws SwarmctlError as `loadCompose`
 */
export async function loadServices(
  files: readonly string[],
  options: Omit<LoadOptions, 'supplied'>,
): Promise<Omit<ComposeFile, 'contents'>> {
  if (files.length === 0) throw new SwarmctlError('config', 'no compose file is given');
  const env = { ...options.env, SWARMCTL_CLUSTER: options.cluster, SWARMCTL_REGION: options.region };
  const sources = await Promise.all(files.map((file) => readSource(resolve(file))));
  const ignored = checkKeys(sources);

  const { model, warnings } = await readModel(sources, { env, signal: options.signal });
  return {
    model,
    directory: dirname(resolve(files[0] ?? '')),
    locate: (...path) => locate(sources, path),
    notes: [
      ...ignored,
      ...sources.flatMap((source) => unsetVariables(source, { ...process.env, ...env })),
      ...warnings,
    ],
  };
}

async function readSource(file: string): Promise<Source> {
  const shownAs = shown(file);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new SwarmctlError('config', `compose file ${shownAs} ${unreadable(cause)}`, {
      hint: 'Check the paths under `apps:` and `overrides:` in the fleet file.',
      cause,
    });
  });
  return parseSource(file, shownAs, decodeUtf8(bytes, shownAs));
}

/** Relative as long as that is a way down, so that an editor's terminal can open `compose.yaml:3:5`. */
function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}

async function readModel(sources: Source[], options: StackConfigOptions) {
  const files = sources.map(({ file }) => file);
  const config = await stackConfig(files, options);
  if (!config.ok) throw explainRefusal(config.reason, await sourceAtFault(sources, config.reason, options));
  // The client wrote it from its own types, after it had validated the files against their schema.
  return { model: parse(config.yaml) as ComposeModel, warnings: config.warnings };
}

/** The client does not say which file it refuses: it is the first that it refuses alone for the same reason. */
async function sourceAtFault(
  sources: readonly Source[],
  reason: string,
  options: StackConfigOptions,
): Promise<Source> {
  for (const source of sources.slice(0, -1)) {
    const alone = await stackConfig([source.file], options);
    if (!alone.ok && alone.reason === reason) return source;
  }
  const last = sources.at(-1);
  if (!last) throw new Error('a refusal without a file');
  return last;
}
