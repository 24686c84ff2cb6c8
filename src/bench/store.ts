import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SwarmctlError } from '../errors.ts';
import type { BenchResult } from '../report/bench-result.ts';
import { readBenchResult } from './read-result.ts';

/** Results that are kept: enough to see a trend, and little to read. */
const mostKept = 30;
const baselineName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** What a baseline is called where no name is given. */
const defaultBaseline = 'default';

/**
 * Adds a result to the history and removes the oldest ones above 30.
 * @param folder the fleet's folder of benchmarks, `.swarmctl/bench`; made when it is missing.
 */
export async function saveResult(folder: string, result: BenchResult): Promise<void> {
  const history = join(folder, 'history');
  await writeWhole(history, `${result.id}.json`, result);
  const oldest = (await idsIn(history)).slice(0, -mostKept);
  await Promise.all(oldest.map((id) => rm(join(history, `${id}.json`), { force: true })));
}

/** The results of the history, the oldest first. What another version wrote, or a full disk cut off, is left out. */
export async function readHistory(folder: string): Promise<BenchResult[]> {
  const history = join(folder, 'history');
  const results = await Promise.all(
    (await idsIn(history)).map((id) => readResult(join(history, `${id}.json`), id).catch(passOver)),
  );
  return results.filter((result) => result !== undefined);
}

/**
 * Keeps a result as a baseline, in place of the one of this name.
 * @param name `true` is the one without a name.
 * @returns its name.
 */
export async function saveBaseline(
  folder: string,
  name: string | true,
  result: BenchResult,
): Promise<string> {
  const given = name === true ? defaultBaseline : name;
  await writeWhole(join(folder, 'baselines'), `${given}.json`, result);
  return given;
}

/** @throws SwarmctlError `usage` for a name that cannot be one of a file. */
export function checkBaselineName(name: string | true): void {
  if (name === true || baselineName.test(name)) return;
  throw new SwarmctlError('usage', `--save-baseline: "${name}" cannot be the name of a baseline.`, {
    hint: 'Use letters, digits, dots, hyphens and underscores, 63 at most.',
  });
}

/**
 * The baseline of a name, or in a file.
 * @param given a name, or a path, which has a slash or ends in `.json`; `true` is the one without a name.
 * @param directory absolute folder that a path is relative to.
 * @throws SwarmctlError `usage` when there is none, `baseline` when it cannot be read as one.
 */
export async function readBaseline(
  folder: string,
  given: string | true,
  directory: string,
): Promise<BenchResult> {
  const isFile = given !== true && (given.includes('/') || given.endsWith('.json'));
  const name = given === true ? defaultBaseline : given;
  const path = isFile ? resolve(directory, name) : join(folder, 'baselines', `${name}.json`);
  return readResult(path, isFile ? name : `Baseline ${name}`).catch(async (cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof SwarmctlError) throw cause;
    const reason = code === 'ENOENT' ? 'is not there' : `cannot be read: ${code}`;
    throw new SwarmctlError('usage', `--baseline: ${isFile ? name : `baseline "${name}"`} ${reason}.`, {
      hint: await hintOf(folder),
      cause,
    });
  });
}

async function hintOf(folder: string): Promise<string> {
  const known = await idsIn(join(folder, 'baselines'));
  const save = 'Save one with `swarmctl bench --save-baseline`.';
  return known.length > 0 ? `There are: ${known.join(', ')}. ${save}` : save;
}

async function readResult(path: string, shownAs: string): Promise<BenchResult> {
  return readBenchResult(await readFile(path, 'utf8'), shownAs);
}

function passOver(error: unknown): undefined {
  const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (!isGone && !(error instanceof SwarmctlError)) throw error;
}

/** Names of the `.json` files in a folder without their ending, ascending; none where there is no folder. */
async function idsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** The file changes at once, so that nobody reads a half, and a full disk leaves the old one. */
async function writeWhole(folder: string, name: string, result: BenchResult): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `${name}.${process.pid}.tmp`);
  try {
    await writeFile(unfinished, JSON.stringify(result));
    await rename(unfinished, join(folder, name));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
