import type { UnevenService } from './report.ts';
import type { Style } from './style.ts';
import { layoutTable } from './table.ts';

/** What would move where, as it is shown before the question. */
export function movesLines(uneven: readonly UnevenService[], style: Style): string[] {
  const rows = uneven.flatMap(({ service, nodes }) =>
    nodes
      .filter(({ tasks, wanted }) => tasks !== wanted)
      .map((move, index) => ({ ...move, service: index === 0 ? service : '' })),
  );
  const columns = [
    { title: 'service', cell: (row: (typeof rows)[number]) => row.service },
    { title: 'node', cell: (row: (typeof rows)[number]) => row.node },
    {
      title: 'tasks',
      cell: (row: (typeof rows)[number]) => `${row.tasks} ${style.symbols.next} ${row.wanted}`,
    },
  ];
  const replaced = uneven.map(
    ({ service, nodes }) =>
      `${service}: all ${nodes.reduce((sum, { tasks }) => sum + tasks, 0)} tasks are replaced`,
  );
  const inner = { ...style, width: style.width - 2 };
  return [...layoutTable(columns, rows, inner), ...replaced].map((line) => `  ${line}`);
}
