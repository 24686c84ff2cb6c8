import { formatMicroseconds } from '../bench-wording.ts';
import type { ClusterReport, Report } from '../report.ts';
import { clusterDuration, countOutcomes, formatDuration, reportTitle, runningServices } from '../wording.ts';
import { benchSections } from './bench.ts';
import { badge, clusterSection, errorBox } from './cluster.ts';
import { each, type Html, html, trusted, when } from './html.ts';
import { pageStyle } from './page-style.ts';
import { htmlTable } from './table.ts';
import { timeline } from './timeline.ts';

/** Nothing is fetched and nothing runs, whatever a report carries. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * A report as one page that needs nothing besides: no network, no script, no other file.
 * @param writtenAt when the run ended.
 */
export function reportPage(report: Report, writtenAt: Date): string {
  const { command, clusters, error, benchmark, verdict, trend } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${`swarmctl ${reportTitle(report)}`}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<main>
${header(report, writtenAt)}
${when(error, errorBox)}
${when(benchmark, (result) => benchSections(result, verdict, trend ?? []))}
${when(clusters.length > 1, () => overview(report))}
${when(clusters.length > 0, () => timeline(clusters))}
${each(clusters, (cluster, index) => clusterSection(cluster, command, index))}
</main>
</body>
</html>
`;
  return page.markup;
}

function header(report: Report, writtenAt: Date): Html {
  const { command, fleet, ok, exitCode, durationMs } = report;
  const time = writtenAt.toISOString();
  const facts = [
    ...countOutcomes(report).map(({ outcome, text }) => html`<li class="${outcome}">${text}</li>`),
    html`<li>${formatDuration(durationMs)}</li>`,
    html`<li>exit code ${exitCode}</li>`,
    html`<li><time datetime="${time}">${`${time.slice(0, 10)} ${time.slice(11, 19)} UTC`}</time></li>`,
  ];
  return html`<header class="${ok ? 'good' : 'bad'}">
<p class="program">swarmctl</p>
<h1>${fleet === undefined ? command : `${command} of ${fleet}`} ${verdictOf(report)}</h1>
<ul>${facts}</ul>
</header>`;
}

function verdictOf({ ok, exitCode }: Report): string {
  if (ok) return 'succeeded';
  return exitCode === 2 ? 'found drift' : 'failed';
}

function overview({ clusters, command }: Report): Html {
  const rows = clusters.map((cluster, index) => ({ ...cluster, index }));
  return html`<section>
${htmlTable<ClusterReport & { index: number }>(
  'Clusters',
  [
    { title: 'Cluster', cell: ({ name, index }) => html`<a href="#cluster-${index + 1}">${name}</a>` },
    { title: 'Outcome', cell: (cluster) => badge(cluster, command) },
    { title: 'Create', isNumber: true, cell: ({ changes }) => count(changes.create) },
    { title: 'Update', isNumber: true, cell: ({ changes }) => count(changes.update) },
    { title: 'Replace', isNumber: true, cell: ({ changes }) => count(changes.replace) },
    { title: 'Delete', isNumber: true, cell: ({ changes }) => count(changes.delete) },
    {
      title: 'p99',
      isNumber: true,
      cell: ({ bench }) => (bench?.p99 === undefined ? '' : formatMicroseconds(bench.p99)),
    },
    { title: 'Services', isNumber: true, cell: runningServices },
    { title: 'Time', isNumber: true, cell: (cluster) => formatDuration(clusterDuration(cluster)) },
  ],
  rows,
)}</section>
`;
}

/** A zero steps back, so that what changes is seen. */
function count(number: number): Html {
  return number === 0 ? html`<span class="quiet">0</span>` : html`${number}`;
}
