import { changesAreDone, countChanges } from './changes.ts';
import { driftSummary, fieldChange } from './drift.ts';
import { cleanLine, cleanText } from './line.ts';
import type { ClusterReport, ErrorReport, Report } from './report.ts';
import { unicodeSymbols } from './symbols.ts';
import {
  clusterDuration,
  formatDuration,
  formatLatency,
  outcomeWord,
  reportTitle,
  runningServices,
} from './wording.ts';

/** GitHub refuses a summary above 1 MiB; more rows than this nobody reads there. */
const shownSteps = 100;

/** A report as Markdown for the summary of a GitHub job: clusters, their changes, their errors. */
export function jobSummary(report: Report): string {
  const { clusters, command, error } = report;
  const sections = [
    `## ${report.ok ? '✅' : '❌'} ${escapeMarkdown(reportTitle(report))}`,
    error ? errorSection(error) : '',
    clusters.length === 0 ? '' : clusterTable(report),
    ...clusters.map((cluster) => (cluster.error ? errorSection(cluster.error, cluster.name) : '')),
    ...clusters.map((cluster) => (cluster.steps.length === 0 ? '' : changesSection(cluster))),
    ...clusters.map((cluster) => (cluster.drift?.findings.length ? driftSection(cluster) : '')),
    `${escapeMarkdown(`swarmctl ${command}`)}: exit code ${report.exitCode} after ${formatDuration(report.durationMs)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n\n`;
}

function clusterTable({ clusters, command }: Report): string {
  const rows = clusters.map((cluster) => [
    cluster.name,
    `${cluster.error || cluster.outcome === 'drifted' ? '❌' : '✅'} ${outcomeWord(cluster.outcome, command)}`,
    cluster.drift
      ? driftSummary(cluster.drift)
      : countChanges(cluster.changes, changesAreDone(cluster, command)),
    cluster.bench?.p99 === undefined ? '' : formatLatency(cluster.bench.p99),
    runningServices(cluster),
    formatDuration(clusterDuration(cluster)),
    cluster.urls.join(' '),
  ]);
  return table(['Cluster', 'Outcome', 'Changes', 'p99', 'Services', 'Time', 'URLs'], rows);
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
