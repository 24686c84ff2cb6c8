import type { CostItem, CostReport } from './cost-report.ts';
import type { Io } from './io.ts';
import { wrapText } from './line.ts';
import type { Style } from './style.ts';
import { type Column, layoutTable } from './table.ts';

/** Writes what the fleet costs to stdout. */
export function printCost(io: Io, report: CostReport): void {
  io.stdout.write(`${costLines(report, io.outStyle).join('\n')}\n`);
}

interface Row extends Pick<CostItem, 'what' | 'monthly' | 'isGuess'> {
  cluster: string;
  quantity?: number;
}

const columns: readonly Column<Row>[] = [
  { title: 'cluster', cell: ({ cluster }) => cluster },
  { title: 'for', cell: ({ what, isGuess }) => (isGuess ? `${what} (a guess)` : what), shrink: true },
  { title: 'count', cell: ({ quantity }) => quantity?.toString() ?? '', align: 'right' },
  { title: 'USD a month', cell: ({ monthly }) => monthly.toFixed(2), align: 'right' },
];

/** A table of what is charged for, cluster by cluster, and what the prices are worth. */
export function costLines({ clusters, shared, monthly, prices }: CostReport, style: Style): string[] {
  if (!prices) return ['Local nodes cost nothing.'];
  const rows: Row[] = [
    ...clusters.flatMap(({ name, items, ...cluster }) => [
      ...items.map((item) => ({ cluster: name, ...item })),
      { cluster: name, what: 'together', monthly: cluster.monthly },
    ]),
    ...shared.map((item) => ({ cluster: 'all', ...item })),
    { cluster: 'all', what: 'together', monthly },
  ];
  const note = `Prices of ${prices.date} (${prices.source}). Traffic to the internet and through NAT gateways and load balancers comes on top.`;
  return [...layoutTable(columns, rows, style), '', ...wrapText(note, style.width)];
}
