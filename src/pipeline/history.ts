import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Stack } from '../compose/stack.ts';
import type { Outcome, ResourceStep } from '../report/report.ts';
import { describeMaker, type Maker } from './maker.ts';

/** What one run changed in a fleet, and what it wanted to run afterwards. Holds no content of a secret. */
export interface HistoryRecord extends Maker {
  /** Of this record's shape. */
  format: 1;
  /** Counted from 1. */
  version: number;
  /** Such as `up`. */
  command: string;
  /** Of a rollback: the version that it went back to. */
  to?: number;
  /** When it began, in ISO 8601. */
  at: string;
  clusters: Record<string, RecordedChange>;
}

/** What it did to one cluster. */
export interface RecordedChange {
  /** `begun` for good where the run was killed. */
  outcome: Outcome | 'begun';
  steps: ResourceStep[];
  /** In a sentence. */
  error?: string;
  /** What was to run, see `recordedStack`. */
  stack: Stack;
}

/** What is written down of one run: nothing, until it begins to change a cluster. */
export interface History {
  /** The version of this run; undefined as long as it has changed nothing. */
  version(): number | undefined;
  begin(run: Pick<HistoryRecord, 'command' | 'to'>, cluster: string, change: RecordedChange): Promise<void>;
  finish(
    cluster: string,
    outcome: Outcome,
    more?: Partial<Pick<RecordedChange, 'steps' | 'error'>>,
  ): Promise<void>;
  /**
   * A run has found that a stack runs in a cluster. Where the last one wanted it and failed or was cut off, as the swarm
   * was lost in the middle and went on by itself, this one has seen to its end.
   */
  settle(cluster: string, stack: Stack): Promise<void>;
}

/** Records that are kept; older ones are removed. */
const keptRecords = 200;

/** @param fleetDirectory whose git commit is written down. */
export function openHistory(stateFolder: string, fleetDirectory: string): History {
  const folder = historyFolder(stateFolder);
  let record: Promise<HistoryRecord> | undefined;
  let lastWrite: Promise<unknown> = Promise.resolve();
  let version: number | undefined;

  /** Writes come one after the other: clusters end at the same time. */
  const inTurn = (work: () => Promise<void>) => {
    const turn = lastWrite.catch(() => {}).then(work);
    lastWrite = turn;
    return turn;
  };
  const change = async (cluster: string, alter: (before: RecordedChange | undefined) => RecordedChange) => {
    const current = await record;
    if (!current) return;
    current.clusters[cluster] = alter(current.clusters[cluster]);
    await inTurn(() => write(folder, current));
  };

  return {
    version: () => version,
    async begin(run, cluster, begun) {
      record ??= newRecord(folder, fleetDirectory, run);
      version = (await record).version;
      await change(cluster, () => begun);
    },
    finish: (cluster, outcome, more = {}) =>
      change(cluster, (before) => {
        if (!before) throw new Error(`${cluster} has ended before it began`);
        return { ...before, outcome, ...more };
      }),
    settle: (cluster, stack) => inTurn(() => settleLast(folder, cluster, stack)),
  };
}

async function settleLast(folder: string, cluster: string, stack: Stack): Promise<void> {
  const last = await lastRecordOf(folder, cluster);
  const change = last?.clusters[cluster];
  if (!last || (change?.outcome !== 'failed' && change?.outcome !== 'begun')) return;
  if (!isDeepStrictEqual(change.stack, JSON.parse(JSON.stringify(stack)))) return;
  last.clusters[cluster] = { ...change, outcome: 'updated' };
  await write(folder, last);
}

/** The newest that is about a cluster; mostly the newest of all, so they are read one by one. */
async function lastRecordOf(folder: string, cluster: string): Promise<HistoryRecord | undefined> {
  for (const version of (await versionsIn(folder)).reverse()) {
    const [record] = await readRecord(folder, version);
    if (record?.clusters[cluster]) return record;
  }
  return undefined;
}

/** All records, the oldest first. One that cannot be read is left out. */
export async function readHistory(stateFolder: string): Promise<HistoryRecord[]> {
  const folder = historyFolder(stateFolder);
  const versions = await versionsIn(folder);
  return (await Promise.all(versions.map((version) => readRecord(folder, version)))).flat();
}

async function readRecord(folder: string, version: number): Promise<HistoryRecord[]> {
  try {
    return [JSON.parse(await readFile(fileOf(folder, version), 'utf8')) as HistoryRecord];
  } catch {
    return [];
  }
}

/** What ran in a cluster after a version: what the last run until then that succeeded there wanted. */
export function stackAt(
  records: readonly HistoryRecord[],
  cluster: string,
  version: number,
): { version: number; stack: Stack } | undefined {
  const last = records.findLast(
    (record) => record.version <= version && record.clusters[cluster]?.outcome === 'updated',
  );
  const stack = last?.clusters[cluster]?.stack;
  return last && stack ? { version: last.version, stack } : undefined;
}

/** When the last run began that brought a cluster to what was wanted; undefined where none is known. */
export function lastSuccess(records: readonly HistoryRecord[], cluster: string): Date | undefined {
  const last = records.findLast((record) => record.clusters[cluster]?.outcome === 'updated');
  return last && new Date(last.at);
}

/** The number of a new record is taken by its file: two runs at the same time get two. */
async function newRecord(
  folder: string,
  fleetDirectory: string,
  run: Pick<HistoryRecord, 'command' | 'to'>,
): Promise<HistoryRecord> {
  const [maker] = await Promise.all([
    describeMaker(fleetDirectory),
    mkdir(folder, { recursive: true, mode: 0o700 }),
  ]);
  const at = new Date().toISOString();
  const versions = await versionsIn(folder);
  for (let version = (versions.at(-1) ?? 0) + 1; ; version += 1) {
    const record: HistoryRecord = { format: 1, version, ...run, at, ...maker, clusters: {} };
    if (!(await take(fileOf(folder, version), record))) continue;
    await Promise.all(versions.slice(0, -keptRecords).map((old) => rm(fileOf(folder, old), { force: true })));
    return record;
  }
}

async function take(file: string, record: HistoryRecord): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** In one step, so that a run which is killed leaves no half of a record. */
async function write(folder: string, record: HistoryRecord): Promise<void> {
  const file = fileOf(folder, record.version);
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function versionsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function historyFolder(stateFolder: string): string {
  return join(stateFolder, 'history');
}

function fileOf(folder: string, version: number): string {
  return join(folder, `${version}.json`);
}
