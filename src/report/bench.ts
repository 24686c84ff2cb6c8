import { standingOut } from './bench-facts.ts';
import { betweenMatrix, type Cell, cellText, type Matrix, matricesOf } from './bench-matrix.ts';
import type { BenchResult, NetworkPath, PairBench } from './bench-result.ts';
import type { BenchOutcome, BenchVerdict } from './bench-verdict.ts';
import { errorLines } from './error.ts';
import { wrapText } from './line.ts';
import type { Report } from './report.ts';
import type { Style } from './style.ts';
import { type Column, layoutTable, tableWidth } from './table.ts';

/** Where a matrix is too wide its pairs stand below each other, the worst first, so many of them. */
const mostListed = 12;
/** A verdict has as many reasons as there are limits; `--json` has all. */
const mostReasons = 8;

/** A benchmark: a matrix of each cluster and path and between clusters, what stands out, errors, and the verdict. */
export function benchReportLines(report: Report, result: BenchResult, style: Style): string[] {
  const { verdict, clusters, error } = report;
  const sections = [
    ...allMatrices(result, verdict).map((matrix) => matrixLines(matrix, style)),
    simulationLines(result, style),
    factLines(result, style),
    ...clusters.map((cluster) => (cluster.error ? errorLines(cluster.error, style, cluster.name) : [])),
    verdict ? verdictLines(verdict, style) : [],
    error ? errorLines(error, style) : [],
  ].filter((section) => section.length > 0);
  return sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}

/** All matrices of a benchmark, in the order of its clusters. */
export function allMatrices({ clusters, between }: BenchResult, verdict: BenchVerdict | undefined): Matrix[] {
  const missed = verdict?.budget?.missed ?? [];
  const isMissed = ({ from, to }: PairBench, path: NetworkPath) =>
    missed.some((miss) => miss.from.node === from.node && miss.to.node === to.node && miss.path === path);
  return [
    ...clusters.flatMap(({ cluster, pairs }) => matricesOf(cluster, pairs, isMissed)),
    ...betweenMatrix(between, isMissed),
  ];
}

function matrixLines(matrix: Matrix, style: Style): string[] {
  const { chalk } = style;
  const rows = matrix.names.filter((name) => matrix.cells.some(({ from }) => from === name));
  const columns = matrixColumns(matrix, style);
  const fits = tableWidth(columns, rows) <= style.width;
  const title = `${chalk.bold(matrix.title)}${chalk.dim('  p50 / p99 in ms')}`;
  return [title, ...(fits ? layoutTable(columns, rows, style) : pairLines(matrix, style))];
}

function matrixColumns({ names, cells }: Matrix, style: Style): Column<string>[] {
  const cellAt = (from: string, to: string) => cells.find((cell) => cell.from === from && cell.to === to);
  const to = names.filter((name) => cells.some((cell) => cell.to === name));
  return [
    { title: `from ${style.symbols.next} to`, cell: (from) => from },
    ...to.map(
      (name): Column<string> => ({
        title: name,
        align: 'right',
        cell: (from) => {
          const cell = cellAt(from, name);
          return cell ? cellText(cell) : style.symbols.between;
        },
        paint: (text, from) => paintCell(text, cellAt(from, name), style),
      }),
    ),
  ];
}

function paintCell(text: string, cell: Cell | undefined, { chalk }: Style): string {
  if (!cell) return chalk.dim(text);
  return cell.isMissed || cell.p50 === undefined ? chalk.red(text) : text;
}

function pairLines({ cells }: Matrix, style: Style): string[] {
  const worst = cells.toSorted((a, b) => rank(b) - rank(a));
  const columns: Column<Cell>[] = [
    { title: 'from', cell: ({ from }) => from, shrink: true },
    { title: 'to', cell: ({ to }) => to, shrink: true },
    {
      title: 'p50 / p99',
      align: 'right',
      cell: cellText,
      paint: (text, cell) => paintCell(text, cell, style),
    },
  ];
  const more = worst.length - mostListed;
  return [
    ...layoutTable(columns, worst.slice(0, mostListed), style),
    ...(more > 0 ? [style.chalk.dim(`and ${more} pairs that are faster`)] : []),
  ];
}

/** What has no data is the worst. */
function rank({ p50, p99 }: Cell): number {
  return p99 ?? p50 ?? Number.POSITIVE_INFINITY;
}

function simulationLines({ clusters }: BenchResult, style: Style): string[] {
  if (!clusters.some(({ environment }) => environment.simulation)) return [];
  const text = 'A simulation: local nodes share one kernel, no network lies between them.';
  return wrapText(text, style.width).map((line) => style.chalk.dim(line));
}

function factLines(result: BenchResult, style: Style): string[] {
  const { chalk, symbols } = style;
  const marks = {
    bad: chalk.red(symbols.bad),
    warning: chalk.yellow(symbols.warning),
    info: chalk.dim(symbols.between),
  };
  return standingOut(result).flatMap(({ level, text }) => marked(marks[level], text, style));
}

const verdictWords: Record<BenchOutcome, string> = {
  pass: 'Pass',
  fail: 'Fail',
  inconclusive: 'Inconclusive',
};

function verdictLines(verdict: BenchVerdict, style: Style): string[] {
  const { chalk, symbols } = style;
  const { mark, paint } = {
    pass: { mark: symbols.good, paint: chalk.green },
    fail: { mark: symbols.bad, paint: chalk.red },
    inconclusive: { mark: symbols.unknown, paint: chalk.yellow },
  }[verdict.outcome];
  const more = verdict.reasons.length - mostReasons;
  return [
    `${paint(mark)} ${chalk.bold(verdictWords[verdict.outcome])}${chalk.dim(`  ${heldAgainst(verdict)}`)}`,
    ...verdict.reasons.slice(0, mostReasons).flatMap((reason) => marked(' ', reason, style)),
    ...(more > 0 ? [chalk.dim(`  and ${more} more`)] : []),
  ];
}

/** `12 limits, 8 aggregates of baseline 2026-11-21T16-00-00Z-ab12`. */
export function heldAgainst({ budget, comparison }: BenchVerdict): string {
  const parts = [
    budget && `${budget.checked} ${budget.checked === 1 ? 'limit' : 'limits'} of the budget`,
    comparison && `${comparison.aggregates.length} values against baseline ${comparison.baseline}`,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : 'no budget and no baseline: nothing to hold it against';
}

function marked(mark: string, text: string, { width }: Style): string[] {
  return wrapText(text, width - 2).map((line, index) => `${index === 0 ? mark : ' '} ${line}`);
}
