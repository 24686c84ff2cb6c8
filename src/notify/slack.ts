import type { Happening } from '../fleet/model.ts';
import { formatMicroseconds } from '../report/bench-wording.ts';
import { changesAreDone, countChanges } from '../report/changes.ts';
import { driftSummary, problemsOf } from '../report/drift.ts';
import { cleanLine } from '../report/line.ts';
import type { ClusterReport, ErrorReport, Report } from '../report/report.ts';
import {
  clusterDuration,
  formatDuration,
  outcomeWord,
  reportTitle,
  runningServices,
} from '../report/wording.ts';
import type { Delivery } from './deliver.ts';

/** Limits of Block Kit: blocks of a message, characters of a header and of a section's text. */
const maxBlocks = 50;
const maxHeader = 150;
const maxSection = 3000;

/** Nobody reads more of them in a chat; the report has all. */
const shownItems = 10;

const marks: Record<Happening, string> = {
  success: '✅',
  recovered: '✅',
  drift: '🟠',
  failure: '❌',
};

/**
 * A report as a message with blocks. It has no log lines of tasks: what an app writes is not meant for a chat.
 * @param origin where it ran: a machine, or the address of a CI job.
 */
export function slackDelivery(url: URL, report: Report, happening: Happening, origin: string): Delivery {
  return { url, headers: {}, body: JSON.stringify(slackMessage(report, happening, origin)) };
}

function slackMessage(report: Report, happening: Happening, origin: string): object {
  const recovered = happening === 'recovered' ? ', recovered' : '';
  const title = `${marks[happening]} ${cleanLine(reportTitle(report))}${recovered}`;
  const end = `\`swarmctl ${report.command}\` · exit code ${report.exitCode} · ${formatDuration(report.durationMs)}`;
  return {
    // What a notification on a phone shows.
    text: escapeText(title, maxSection),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cutText(title, maxHeader) } },
      ...clamped(sectionTexts(report)).map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
      { type: 'context', elements: [{ type: 'mrkdwn', text: escapeText(`${end} · ${origin}`, maxSection) }] },
    ],
  };
}

/** What failed or drifted comes first. */
function sectionTexts(report: Report): string[] {
  const { clusters, command, error } = report;
  const isBad = ({ error, outcome }: ClusterReport) => error !== undefined || outcome === 'drifted';
  const bad = clusters.filter(isBad);
  const others = clusters.filter((cluster) => !isBad(cluster));
  return [
    ...(error ? [errorText(error)] : []),
    ...[...bad, ...others].map((cluster) => clusterText(cluster, command)),
  ].map((text) => escapeText(text, maxSection));
}

function clamped(texts: string[]): string[] {
  const room = maxBlocks - 2;
  if (texts.length <= room) return texts;
  return [...texts.slice(0, room - 1), `… and ${texts.length - room + 1} more clusters`];
}

function clusterText(cluster: ClusterReport, command: string): string {
  const { name, outcome, error, bench, drift } = cluster;
  const services = runningServices(cluster);
  const facts = [
    `*${name}* ${outcomeWord(outcome, command)} in ${formatDuration(clusterDuration(cluster))}`,
    drift ? driftSummary(drift) : countChanges(cluster.changes, changesAreDone(cluster, command)),
    bench?.p99 === undefined ? '' : `p99 ${formatMicroseconds(bench.p99)}`,
    services && `services ${services}`,
  ].filter((fact) => fact !== '');
  return [facts.join(' · '), ...(error ? [errorText(error)] : []), ...itemLines(cluster)].join('\n');
}

/** What changed or drifted, without the values: a chat is not the place for them. */
function itemLines({ steps, drift }: ClusterReport): string[] {
  const items = [...steps.map(({ op, type, name }) => `${op} ${type} ${name}`), ...problemsOf(drift)].map(
    (item) => `• ${cleanLine(item)}`,
  );
  if (items.length <= shownItems) return items;
  return [...items.slice(0, shownItems), `• … and ${items.length - shownItems} more`];
}

function errorText({ code, message, hint }: ErrorReport): string {
  const advice = hint === undefined ? '' : `\n→ ${cleanLine(hint)}`;
  return `${cleanLine(message)} (${code})${advice}`;
}

/** Text in which nothing is a mention or a link (Slack's three control characters), at most `max` characters. */
function escapeText(text: string, max: number): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return cutText(
    text.replace(/[&<>]/g, (sign) => entities[sign] ?? ''),
    max,
  );
}

/** Half a character or half an entity is not left at the end. */
function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$|&[a-z]*$/, '')}…`;
}
