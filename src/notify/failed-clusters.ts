import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Names of clusters by command: those whose last run of it failed or found drift. */
type FailedClusters = Record<string, string[]>;

/** A file that is missing or damaged knows of no failure: at worst a recovery is not told. */
export function readFailedClusters(file: string, command: string): string[] {
  const names: unknown = readAll(file)[command];
  return Array.isArray(names) ? names.map(String) : [];
}

/**
 * Keeps how a command has ended for these clusters, for the next run.
 * @throws Error when the file cannot be written.
 */
export function keepFailedClusters(
  file: string,
  command: string,
  { passed, failed }: { passed: readonly string[]; failed: readonly string[] },
): void {
  const before = readFailedClusters(file, command);
  // A `destroy` that went well has removed the folder: it stays away.
  if (failed.length === 0 && before.length === 0) return;
  if (failed.length === 0 && !existsSync(dirname(file))) return;
  const names = new Set([...before.filter((name) => !passed.includes(name)), ...failed]);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ ...readAll(file), [command]: [...names] })}\n`);
  renameSync(draft, file);
}

function readAll(file: string): FailedClusters {
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8'))) as FailedClusters;
  } catch {
    return {};
  }
}
