import { clusterChangesLines } from './changes.ts';
import { errorLines } from './error.ts';
import { wrapText } from './line.ts';
import type { AdoptionReport, ClusterReport, Report } from './report.ts';
import type { Style } from './style.ts';

/** What was adopted in each cluster, what was not and why, and what `up` would change from here on. */
export function adoptedLines(report: Report, style: Style): string[] {
  return report.clusters.flatMap((cluster, index) => [
    ...(index === 0 ? [] : ['']),
    style.chalk.bold(cluster.name),
    ...(cluster.adoption ? adoptionLines(cluster.adoption, style) : []),
    ...(cluster.error ? errorLines(cluster.error, style) : outlookLines(cluster, style)),
  ]);
}

/** What of one cluster is adopted and what is left. */
export function adoptionLines({ adopted, left }: AdoptionReport, style: Style): string[] {
  const { chalk } = style;
  const width = Math.max(0, ...[...adopted, ...left].map(({ type }) => type.length));
  const lines = [
    ...adopted.map(({ type, name, note }) => ({ sign: chalk.green('+ adopt'), type, name, reason: note })),
    ...left.map(({ type, name, reason }) => ({ sign: chalk.dim('- leave'), type, name, reason })),
  ].flatMap(({ sign, type, name, reason }) => [
    `  ${sign}  ${type.padEnd(width)}  ${name}`,
    ...(reason ? wrapText(reason, style.width - 6).map((line) => chalk.dim(`      ${line}`)) : []),
  ]);
  return lines.length > 0 ? lines : [chalk.dim('  nothing to adopt')];
}

function outlookLines(cluster: ClusterReport, style: Style): string[] {
  const restarts = cluster.adoption?.restarts;
  if (restarts === undefined) return [];
  const tasks = restarts === 1 ? '1 running task' : `${restarts} running tasks`;
  return [
    `  The next \`up\` ${restarts === 0 ? 'restarts no task' : `replaces ${tasks}`}:`,
    ...clusterChangesLines(cluster, style),
  ];
}
