import { formatMicroseconds } from './bench-wording.ts';
import { changesAreDone, countChanges } from './changes.ts';
import { driftSummary, fieldChange } from './drift.ts';
import { cleanLine, cleanText } from './line.ts';
import type { ClusterReport, ErrorReport, Report } from './report.ts';
import { unicodeSymbols } from './symbols.ts';
import { clusterDuration, formatDuration, outcomeWord, reportTitle, runningServices } from './wording.ts';

/** More rows than this nobody reads there. */
const shownSteps = 100;

/** GitHub refuses the summary of a step that has more bytes. */
export const maxSummaryBytes = 1024 * 1024;

/**
 * A report as Markdown for the summary of a GitHub job: clusters, their errors, their changes.
 * @param room bytes that it may have; what does not fit is left out, from the end.
 */
export function jobSummary(report: Report, room: number = maxSummaryBytes): string {
  const { command } = report;
  const end = `${escapeMarkdown(`swarmctl ${command}`)}: exit code ${report.exitCode} after ${formatDuration(report.durationMs)}\n\n`;
  const cut = '… the rest is too long for a summary\n\n';
  let left = room - Buffer.byteLength(end + cut);
  const kept: string[] = [];
  for (const section of sectionsOf(report)) {
    left -= Buffer.byteLength(section);
    if (left < 0) return [...kept, cut, end].join('');
    kept.push(section);
  }
  return [...kept, end].join('');
}

function sectionsOf(report: Report): string[] {
  const { clusters, error } = report;
  const sections = [
    `## ${report.ok ? '✅' : '❌'} ${escapeMarkdown(reportTitle(report))}`,
    error ? errorSection(error) : '',
    clusters.length === 0 ? '' : clusterTable(report),
    ...clusters.map(({ name, reason }) =>
      reason === undefined ? '' : `**${escapeMarkdown(name)}** ${escapeMarkdown(reason)}`,
    ),
    ...clusters.map((cluster) => (cluster.error ? errorSection(cluster.error, cluster.name) : '')),
    ...clusters.map((cluster) => (cluster.steps.length === 0 ? '' : changesSection(cluster))),
    ...clusters.map((cluster) => (cluster.drift?.findings.length ? driftSection(cluster) : '')),
  ];
  return sections.filter((section) => section !== '').map((section) => `${section}\n\n`);
}

function clusterTable({ clusters, command }: Report): string {
  const rows = clusters.map((cluster) => [
    cluster.name,
    `${outcomeSign(cluster)} ${outcomeWord(cluster.outcome, command)}`,
    cluster.drift
      ? driftSummary(cluster.drift)
      : countChanges(cluster.changes, changesAreDone(cluster, command)),
    cluster.bench?.p99 === undefined ? '' : formatMicroseconds(cluster.bench.p99),
    runningServices(cluster),
    formatDuration(clusterDuration(cluster)),
    cluster.urls.join(' '),
  ]);
  return table(['Cluster', 'Outcome', 'Changes', 'p99', 'Services', 'Time', 'URLs'], rows);
}

function outcomeSign({ outcome, error }: ClusterReport): string {
  if (error || outcome === 'drifted') return '❌';
  return outcome === 'skipped' || outcome === 'rolled-back' ? '⚪' : '✅';
}

function changesSection({ name, steps }: ClusterReport): string {
  const rows = steps
    .slice(0, shownSteps)
    .map((step) => [step.op, step.type, step.name, step.fields.join(', ')]);
  return `### Changes of ${escapeMarkdown(name)}\n\n${table(['', 'Type', 'Name', 'Fields'], rows)}${more(steps)}`;
}

function driftSection({ name, drift }: ClusterReport): string {
  const findings = drift?.findings ?? [];
  const rows = findings.slice(0, shownSteps).map(({ kind, level, type, name: subject, ...rest }) => {
    const fields = rest.fields.map((field) => `${field.path} ${fieldChange(field, unicodeSymbols)}`);
    const what = [rest.message, ...fields, rest.reason].filter(Boolean).join('; ');
    return [level === 'problem' ? kind : level, type, subject, what || rest.check];
  });
  return `### Findings in ${escapeMarkdown(name)}\n\n${table(['', 'Type', 'Name', 'What'], rows)}${more(findings)}`;
}

function more({ length }: readonly unknown[]): string {
  return length > shownSteps ? `\n\n… and ${length - shownSteps} more` : '';
}

function errorSection({ code, message, details, hint }: ErrorReport, cluster?: string): string {
  const subject = cluster === undefined ? '' : `**${escapeMarkdown(cluster)}** `;
  return [
    `❌ ${subject}${escapeMarkdown(message)} (${escapeMarkdown(code)})`,
    // Inside `pre` blank lines and Markdown mean nothing.
    details ? `<pre>${details.map((detail) => escapeHtml(cleanText(detail))).join('\n')}</pre>` : '',
    hint === undefined ? '' : `→ ${escapeMarkdown(hint)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function table(titles: string[], rows: string[][]): string {
  const lines = [titles, titles.map(() => '---'), ...rows.map((row) => row.map(escapeMarkdown))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Text on one line in which neither Markdown nor HTML means anything. */
function escapeMarkdown(text: string): string {
  return cleanLine(text).replace(/[&<>"|`*~[\]\\#!@]|\b_|_\b/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
