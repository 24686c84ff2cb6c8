import { displayWidth, padEnd, padStart } from './display-width.ts';
import { cutLine } from './line.ts';
import type { Style } from './style.ts';

export interface Column<Row> {
  title: string;
  /** The cell's text, without colour codes; a column whose cells are all empty is left out. */
  cell: (row: Row) => string;
  align?: 'left' | 'right';
  /** Colours a cell after it was cut and padded. */
  paint?: (text: string, row: Row) => string;
  /** May be left out where the table is too wide; the highest number goes first. */
  drop?: number;
  /** May be cut where the table is still too wide. */
  shrink?: boolean;
}

const gap = '  ';
const narrowest = 8;

/** Lines of a table as wide as its content, or as `style.width` allows; none without rows. */
export function layoutTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: Style,
): string[] {
  const shown = dropColumns(filledColumns(columns, rows), rows, style.width);
  const widths = shrinkWidths(shown, rows, style.width);
  if (rows.length === 0 || shown.length === 0) return [];
  const { chalk, symbols } = style;
  const place = (text: string, index: number) =>
    pad(text, shown[index]?.align, widths[index] ?? 0, symbols.cut);
  const heading = shown.map((column, index) => place(column.title.toUpperCase(), index));
  const cells = (row: Row) =>
    shown.map((column, index) => {
      const text = place(column.cell(row), index);
      return column.paint ? column.paint(text, row) : text;
    });
  return [chalk.dim(joinCells(heading)), ...rows.map((row) => joinCells(cells(row)))];
}

/** Columns that the table would have at its natural size. */
export function tableWidth<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): number {
  return lineWidth(filledColumns(columns, rows).map((column) => columnWidth(column, rows)));
}

function filledColumns<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Column<Row>[] {
  return columns.filter((column) => rows.some((row) => column.cell(row) !== ''));
}

function dropColumns<Row>(columns: Column<Row>[], rows: readonly Row[], width: number): Column<Row>[] {
  if (tableWidth(columns, rows) <= width) return columns;
  const least = Math.max(0, ...columns.map((column) => column.drop ?? 0));
  if (least === 0) return columns;
  return dropColumns(
    columns.filter((column) => column.drop !== least),
    rows,
    width,
  );
}

function shrinkWidths<Row>(columns: Column<Row>[], rows: readonly Row[], width: number): number[] {
  const widths = columns.map((column) => columnWidth(column, rows));
  for (const [index, column] of columns.entries()) {
    const excess = lineWidth(widths) - width;
    const natural = widths[index] ?? 0;
    if (column.shrink && excess > 0) widths[index] = Math.max(Math.min(natural, narrowest), natural - excess);
  }
  return widths;
}

function columnWidth<Row>(column: Column<Row>, rows: readonly Row[]): number {
  return Math.max(column.title.length, ...rows.map((row) => displayWidth(column.cell(row))));
}

function lineWidth(widths: number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1);
}

function pad(text: string, align: Column<never>['align'], width: number, mark: string): string {
  const fitted = cutLine(text, width, mark);
  return align === 'right' ? padStart(fitted, width) : padEnd(fitted, width);
}

function joinCells(cells: string[]): string {
  return cells.join(gap).trimEnd();
}
