import type { Outcome, ResourceStep } from './report.ts';
import type { Style } from './style.ts';
import { type Column, layoutTable } from './table.ts';
import { opWords } from './wording.ts';

/** One change of a fleet, as `history` shows it. */
export interface ShownRecord {
  version: number;
  command: string;
  to?: number;
  at: string;
  who: string;
  host: string;
  commit?: { id: string; subject: string; isDirty: boolean };
  clusters: Record<string, { outcome: Outcome | 'begun'; steps: ResourceStep[]; error?: string }>;
}

const shownChanges = 3;

/** The changes of a fleet, the newest first. */
export function historyLines(records: readonly ShownRecord[], style: Style): string[] {
  if (records.length === 0) return ['Nothing was changed yet.'];
  return layoutTable(columns(style), records.toReversed(), style);
}

function columns(style: Style): Column<ShownRecord>[] {
  return [
    { title: 'version', align: 'right', cell: ({ version }) => String(version) },
    { title: 'when', cell: ({ at }) => at.slice(0, 16).replace('T', ' ') },
    { title: 'who', cell: ({ who, host }) => `${who}@${host}`, shrink: true },
    { title: 'command', cell: commandCell },
    { title: 'outcome', cell: outcomeCell },
    { title: 'changed', cell: (record) => changedCell(record, style), shrink: true },
    { title: 'commit', cell: commitCell, shrink: true },
  ];
}

function commandCell({ command, to }: ShownRecord): string {
  return to === undefined ? command : `${command} to ${to}`;
}

/** `updated` where all clusters were, else each with its own: `a updated, b failed`. */
function outcomeCell({ clusters }: ShownRecord): string {
  const outcomes = Object.entries(clusters).map(([name, { outcome }]) => [name, wordOf(outcome)] as const);
  const [first] = outcomes;
  if (outcomes.every(([, word]) => word === first?.[1])) return first?.[1] ?? '';
  return outcomes.map(([name, word]) => `${name} ${word}`).join(', ');
}

/** A run that was killed has not said how it ended. */
function wordOf(outcome: Outcome | 'begun'): string {
  return outcome === 'begun' ? 'cut off' : outcome.replace('-', ' ');
}

function changedCell({ clusters }: ShownRecord, { symbols }: Style): string {
  const steps = Object.values(clusters).flatMap((cluster) => cluster.steps);
  const all = [...new Set(steps.map(({ op, type, name }) => `${opWords[op].sign(symbols)}${type} ${name}`))];
  const rest = all.length - shownChanges;
  return [...all.slice(0, shownChanges), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

function commitCell({ commit }: ShownRecord): string {
  return commit ? `${commit.id.slice(0, 8)}${commit.isDirty ? ' and changes' : ''} ${commit.subject}` : '';
}
