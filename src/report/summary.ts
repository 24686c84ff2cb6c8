import { formatMicroseconds } from './bench-wording.ts';
import { errorLines } from './error.ts';
import { wrapText } from './line.ts';
import type { BenchReport, ClusterReport, ErrorReport, Report } from './report.ts';
import { stageColumns, stagesBelow, timedStages } from './stage-times.ts';
import type { Style } from './style.ts';
import type { Symbols } from './symbols.ts';
import { type Column, layoutTable, tableWidth } from './table.ts';
import {
  closingLine,
  clusterDuration,
  formatDuration,
  isRunning,
  opWords,
  outcomeMarks,
  outcomeWord,
  runningServices,
} from './wording.ts';

/** How a run ended: a table of the clusters, their errors, where the apps answer, and a closing line. */
export function summaryLines(report: Report, style: Style): string[] {
  if (report.clusters.length === 0) return [];
  const sections = [
    summaryTable(report, style),
    simulationLines(report.clusters, style),
    reasonLines(report.clusters, style),
    ...sharedErrors(report.clusters).map(({ error, names }) => errorLines(error, style, names.join(', '))),
    urlLines(report.clusters, style),
    [closingLine(report, style.chalk)],
  ].filter((section) => section.length > 0);
  return sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}

/** With a column for each stage where there is room for all, else with the stages below each cluster. */
function summaryTable(report: Report, style: Style): string[] {
  const { clusters } = report;
  const stages = timedStages(clusters);
  const wide = [...mainColumns(report, style), ...stageColumns(stages, style), totalColumn];
  if (tableWidth(wide, clusters) <= style.width) return layoutTable(wide, clusters, style);
  const [heading = '', ...rows] = layoutTable([...mainColumns(report, style), totalColumn], clusters, style);
  return [
    heading,
    ...clusters.flatMap((cluster, index) => [rows[index] ?? '', ...stagesBelow(cluster, stages, style)]),
  ];
}

const totalColumn: Column<ClusterReport> = {
  title: 'total',
  align: 'right',
  drop: 2,
  cell: (cluster) => (cluster.stages.length === 0 ? '' : formatDuration(clusterDuration(cluster))),
};

function mainColumns(report: Report, { chalk, symbols }: Style): Column<ClusterReport>[] {
  return [
    { title: 'cluster', cell: (cluster) => cluster.name, shrink: true },
    {
      title: 'outcome',
      cell: ({ outcome }) => `${symbols[outcomeMarks[outcome].mark]} ${outcomeWord(outcome, report.command)}`,
      paint: (text, { outcome }) => outcomeMarks[outcome].paint(chalk)(text),
    },
    {
      title: 'changes',
      cell: (cluster) => changesCell(cluster, symbols),
      paint: (text) => paintChanges(text, chalk, symbols),
    },
    {
      title: 'p99',
      align: 'right',
      cell: (cluster) => latencyCell(cluster, symbols),
      paint: (text, { bench }) => (isMissed(bench) ? chalk.red(text) : text),
    },
    {
      title: 'services',
      align: 'right',
      drop: 1,
      cell: runningServices,
      paint: (text, { services }) => (services.every(isRunning) ? text : chalk.red(text)),
    },
  ];
}

/** `+3 ~1 -0`, with `±1` only where something is replaced. */
function changesCell({ changes }: ClusterReport, { replace }: Symbols): string {
  const replaced = changes.replace > 0 ? ` ${replace}${changes.replace}` : '';
  return `+${changes.create} ~${changes.update}${replaced} -${changes.delete}`;
}

function paintChanges(text: string, chalk: Style['chalk'], symbols: Symbols): string {
  return text.replace(/([^\d\s])(\d+)/g, (count, sign, number) => {
    const op = Object.values(opWords).find((words) => words.sign(symbols) === sign);
    return op && number !== '0' ? op.paint(chalk)(count) : chalk.dim(count);
  });
}

function latencyCell({ bench }: ClusterReport, { bad }: Symbols): string {
  if (bench?.p99 === undefined) return '';
  return `${isMissed(bench) ? `${bad} ` : ''}${formatMicroseconds(bench.p99)}`;
}

function isMissed(bench: BenchReport | undefined): boolean {
  return (bench?.budget?.missed.length ?? 0) > 0;
}

/** Why clusters were skipped or rolled back. */
function reasonLines(clusters: ClusterReport[], { chalk, symbols, width }: Style): string[] {
  return clusters.flatMap(({ name, reason }) =>
    reason === undefined
      ? []
      : wrapText(`${symbols.skipped} ${name}: ${reason}`, width).map((line) => chalk.dim(line)),
  );
}

/** What went wrong in several clusters in the same way is told once. */
function sharedErrors(clusters: ClusterReport[]): { error: ErrorReport; names: string[] }[] {
  const groups = new Map<string, { error: ErrorReport; names: string[] }>();
  for (const { name, error } of clusters) {
    if (!error) continue;
    const key = JSON.stringify(error);
    const group = groups.get(key) ?? { error, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function simulationLines(clusters: ClusterReport[], style: Style): string[] {
  if (!clusters.some(({ bench }) => bench?.simulation && bench.p99 !== undefined)) return [];
  const text = 'p99 is a simulation: local nodes share one kernel, no network lies between them.';
  return wrapText(text, style.width).map((line) => style.chalk.dim(line));
}

function urlLines(clusters: ClusterReport[], style: Style): string[] {
  const width = Math.max(...clusters.map((cluster) => cluster.name.length));
  return clusters.flatMap((cluster) =>
    cluster.urls.map(
      (url, index) => `${(index === 0 ? cluster.name : '').padEnd(width)}  ${style.chalk.cyan(url)}`,
    ),
  );
}
