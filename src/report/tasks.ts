import type { ClusterAnswer, TaskReport } from './answers.ts';
import { elapsedWords } from './elapsed-words.ts';
import type { Io } from './io.ts';
import { cleanLine } from './line.ts';
import { shortImage } from './status.ts';
import type { Style } from './style.ts';
import { type Column, layoutTable } from './table.ts';

type Row = TaskReport & { cluster: string };

/** Writes the tasks of clusters to stdout. */
export function printTasks(io: Io, clusters: readonly ClusterAnswer<{ tasks: TaskReport[] }>[]): void {
  const lines = taskLines(clusters, io.outStyle, new Date());
  if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
}

/** A table in the words of `docker stack ps`; past tasks of a slot stand below the one that took their place. */
export function taskLines(
  clusters: readonly ClusterAnswer<{ tasks: TaskReport[] }>[],
  style: Style,
  now: Date,
): string[] {
  const rows = clusters.flatMap(({ name, tasks = [] }) => tasks.map((task) => ({ ...task, cluster: name })));
  const isRepeated = (row: Row) => {
    const before = rows[rows.indexOf(row) - 1];
    return before?.name === row.name && before.cluster === row.cluster;
  };
  return layoutTable(taskColumns(style, now, isRepeated), rows, style);
}

function taskColumns({ chalk }: Style, now: Date, isRepeated: (row: Row) => boolean): Column<Row>[] {
  return [
    { title: 'cluster', cell: ({ cluster }) => cluster },
    { title: 'id', cell: ({ id }) => id.slice(0, 12), drop: 3 },
    { title: 'name', cell: (row) => (isRepeated(row) ? ` \\_ ${row.name}` : row.name) },
    { title: 'image', cell: ({ image }) => shortImage(image), shrink: true, drop: 4 },
    { title: 'node', cell: ({ node }) => node },
    { title: 'desired state', cell: ({ desiredState }) => capitalized(desiredState), drop: 2 },
    {
      title: 'current state',
      cell: ({ state, since }) => `${capitalized(state)} ${elapsedWords(since, now)} ago`,
      paint: (text, { state, desiredState }) => stateColor({ state, desiredState }, chalk)(text),
    },
    {
      title: 'error',
      cell: ({ error = '' }) => cleanLine(error),
      paint: (text) => chalk.red(text),
      shrink: true,
    },
    { title: 'ports', cell: ({ ports }) => ports.join(', '), drop: 1 },
  ];
}

function stateColor(
  { state, desiredState }: Pick<TaskReport, 'state' | 'desiredState'>,
  chalk: Style['chalk'],
): (text: string) => string {
  if (state === 'failed' || state === 'rejected' || state === 'orphaned') return chalk.red;
  if (state === 'running' || state === 'complete')
    return desiredState === 'shutdown' ? chalk.dim : chalk.green;
  return desiredState === 'shutdown' ? chalk.dim : chalk.yellow;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
