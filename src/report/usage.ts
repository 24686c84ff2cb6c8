import type { ClusterAnswer, ClusterUsage, UsageReport } from './answers.ts';
import { errorLines } from './error.ts';
import type { Io } from './io.ts';
import type { Style } from './style.ts';
import { type Column, layoutTable } from './table.ts';

type Row = UsageReport & { cluster: string };

/** What services take. */
export function usageLines(clusters: readonly ClusterAnswer<ClusterUsage>[], style: Style): string[] {
  const rows = clusters.flatMap(({ name, services = [] }) =>
    services.map((service) => ({ ...service, cluster: name })),
  );
  return layoutTable(usageColumns, rows, style);
}

/** What could not be measured, and why. */
export function usageFailures(clusters: readonly ClusterAnswer<ClusterUsage>[], style: Style): string[] {
  return clusters.flatMap((answer) => [
    ...('error' in answer ? errorLines(answer.error, style, answer.name) : []),
    ...(answer.unmeasured ?? []).flatMap(({ node, error }) => errorLines(error, style, node)),
  ]);
}

/** As `docker stats` calls them. */
const usageColumns: Column<Row>[] = [
  { title: 'cluster', cell: ({ cluster }) => cluster },
  { title: 'service', cell: ({ service }) => service, shrink: true },
  { title: 'tasks', align: 'right', cell: ({ tasks }) => String(tasks), drop: 2 },
  { title: 'cpu %', align: 'right', cell: ({ cpuPercent }) => `${cpuPercent.toFixed(2)}%` },
  {
    title: 'mem usage / limit',
    align: 'right',
    cell: ({ memoryBytes, memoryLimitBytes }) =>
      `${formatBytes(memoryBytes)} / ${memoryLimitBytes === undefined ? 'none' : formatBytes(memoryLimitBytes)}`,
  },
  {
    title: 'mem %',
    align: 'right',
    drop: 1,
    cell: ({ memoryBytes, memoryLimitBytes }) =>
      memoryLimitBytes === undefined ? '' : `${((100 * memoryBytes) / memoryLimitBytes).toFixed(2)}%`,
  },
];

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Four digits at most, as the docker client writes them: `1.234MiB`, `512MiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 1024 ** power).toPrecision(4))}${units[power]}`;
}

/** Lines on a terminal that the next ones take the place of; what does not fit is left out. */
export function createRedrawn({ stdout }: Io): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const shown = lines.slice(0, Math.max(1, (stdout.rows || 24) - 1));
    const back = drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`;
    stdout.write(`${back}${shown.join('\n')}\n`);
    drawn = shown.length;
  };
}
