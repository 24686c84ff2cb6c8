import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterReport, DriftFinding } from '../report/report.ts';
import type { FleetState } from './fleet-state.ts';

/** What earlier checks had found and told, by cluster: a hash of each finding. */
export type SeenDrift = Record<string, string[]>;

/** What the last check with a memory had found; empty where there was none. */
export async function readSeen(state: FleetState): Promise<SeenDrift> {
  try {
    return JSON.parse(await readFile(fileOf(state), 'utf8')) as SeenDrift;
  } catch {
    return {};
  }
}

/** Keeps what these checks have found, in the place of what was kept of the same clusters. */
export async function writeSeen(
  state: FleetState,
  seen: SeenDrift,
  reports: readonly ClusterReport[],
): Promise<void> {
  const now = reports.flatMap(({ name, drift }) =>
    drift ? [[name, drift.findings.filter(isOpen).map(keyOf)] as const] : [],
  );
  await writeFile(fileOf(state), JSON.stringify({ ...seen, ...Object.fromEntries(now) }), { mode: 0o600 });
}

/** Problems that were told before do not count again. */
export function markKnown(findings: readonly DriftFinding[], known: readonly string[] = []): DriftFinding[] {
  return findings.map((finding) =>
    finding.level === 'problem' && known.includes(keyOf(finding)) ? { ...finding, level: 'known' } : finding,
  );
}

function isOpen({ level }: DriftFinding): boolean {
  return level === 'problem' || level === 'known';
}

/** The same finding another night; who wrote it last may have changed nothing that matters. */
function keyOf({ kind, type, name, check, fields }: DriftFinding): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, type, name, check, fields]))
    .digest('hex')
    .slice(0, 16);
}

function fileOf({ folder }: FleetState): string {
  return join(folder, 'drift-seen.json');
}
