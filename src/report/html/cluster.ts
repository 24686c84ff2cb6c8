import { formatMicroseconds } from '../bench-wording.ts';
import { changesAreDone, countChanges } from '../changes.ts';
import { driftSummary, fieldChange } from '../drift.ts';
import { cleanText } from '../line.ts';
import type {
  AdoptionReport,
  BenchPair,
  BenchReport,
  ClusterReport,
  DriftReport,
  ErrorReport,
} from '../report.ts';
import { shortImage } from '../status.ts';
import { unicodeSymbols } from '../symbols.ts';
import { formatDuration, isRunning, opWords, outcomeWord } from '../wording.ts';
import { each, type Html, html, when } from './html.ts';
import { htmlTable } from './table.ts';

/** Everything about one cluster. */
export function clusterSection(cluster: ClusterReport, command: string, index: number): Html {
  const { name, region, reason, error, changes, urls, bench, drift } = cluster;
  return html`<section class="cluster" id="cluster-${index + 1}">
<h2>${name} ${badge(cluster, command)}${when(region !== name && region, (text) => html` <small>${text}</small>`)}</h2>
${when(reason, (text) => html`<p>${text}</p>`)}${when(error, errorBox)}
${when(urls.length > 0, () => html`<p>${each(urls, (url) => html`${link(url)} `)}</p>`)}
<p class="quiet">${drift ? driftSummary(drift) : countChanges(changes, changesAreDone(cluster, command))}</p>
${stageList(cluster)}
${when(cluster.drift, driftTables)}${when(cluster.adoption, adoptionTables)}${stepTable(cluster)}${serviceTable(cluster)}${nodeTable(cluster)}${when(bench, benchTable)}</section>
`;
}

/** How a cluster ended, in its colour. */
export function badge({ outcome }: ClusterReport, command: string): Html {
  return html`<span class="badge ${outcome}">${outcomeWord(outcome, command)}</span>`;
}

/** What happened, the evidence, and what to do next. */
export function errorBox({ code, message, details, hint }: ErrorReport): Html {
  return html`<div class="error">
<p><strong>${message}</strong> <code>${code}</code></p>
${when(details, (lines) => html`<pre>${lines.map(cleanText).join('\n')}</pre>`)}
${when(hint, (text) => html`<p>→ ${inCode(text)}</p>`)}
</div>`;
}

/** Commands in backticks stand out. */
function inCode(text: string): Html {
  return each(text.split('`'), (part, index) =>
    index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`,
  );
}

/** Only an address on the web is a link: a report must not carry another kind of it. */
function link(url: string): Html {
  return /^https?:\/\//.test(url) ? html`<a href="${url}">${url}</a>` : html`${url}`;
}

function adoptionTables({ adopted, left }: AdoptionReport): Html {
  const names = [
    { title: 'Type', cell: ({ type }: { type: string }) => type },
    { title: 'Name', cell: ({ name }: { name: string }) => name },
  ];
  return html`${htmlTable('Adopted', [...names, { title: 'Note', cell: ({ note }) => note ?? '' }], adopted)}
${htmlTable('Left as it is', [...names, { title: 'Reason', cell: ({ reason }) => reason }], left)}`;
}

function driftTables({ findings, fixed = [] }: DriftReport): Html {
  const table = (title: string, rows: DriftReport['findings']) =>
    htmlTable(
      title,
      [
        { title: 'Kind', cell: ({ kind, level }) => (level === 'problem' ? kind : level) },
        { title: 'Type', cell: ({ type }) => type },
        { title: 'Name', cell: ({ name }) => name },
        {
          title: 'What',
          cell: ({ check, message, fields, reason }) => html`${message ?? (fields.length > 0 ? '' : check)}
${when(reason, (text) => html`<em>${text}</em>`)}
${each(fields, (field) => html`<div><code>${field.path}</code> ${fieldChange(field, unicodeSymbols)}</div>`)}`,
        },
        { title: 'Since', cell: ({ since }) => since?.slice(0, 19) ?? '' },
      ],
      rows,
    );
  return html`${table('Found', findings)}${table('Repaired', fixed)}`;
}

function stepTable({ steps }: ClusterReport): Html {
  return htmlTable(
    'Changes',
    [
      {
        title: 'Change',
        cell: ({ op }) => html`<span class="op ${op}">${opWords[op].sign(unicodeSymbols)} ${op}</span>`,
      },
      { title: 'Type', cell: ({ type }) => type },
      { title: 'Name', cell: ({ name }) => name },
      { title: 'Fields', cell: ({ fields }) => each(fields, (field) => html`<code>${field}</code> `) },
    ],
    steps,
  );
}

function serviceTable({ services }: ClusterReport): Html {
  return htmlTable(
    'Services',
    [
      { title: 'Service', cell: ({ name }) => name },
      {
        title: 'Running',
        isNumber: true,
        cell: (service) => mark(`${service.running}/${service.desired}`, isRunning(service)),
      },
      { title: 'Image', cell: ({ image }) => html`<code>${shortImage(image)}</code>` },
    ],
    services,
  );
}

function nodeTable({ nodes }: ClusterReport): Html {
  return htmlTable(
    'Nodes',
    [
      { title: 'Node', cell: ({ name }) => name },
      { title: 'Role', cell: ({ role, leader }) => (leader ? `${role} (leader)` : role) },
      { title: 'State', cell: ({ state }) => mark(state, state === 'ready') },
      { title: 'Availability', cell: ({ availability }) => availability },
      { title: 'Engine', cell: ({ engine }) => engine },
      { title: 'Address', cell: ({ address }) => address },
    ],
    nodes,
  );
}

function benchTable(bench: BenchReport): Html {
  const { simulation, messageBytes, pairs, budget } = bench;
  const isMissed = ({ from, to, path }: BenchPair, what: string) =>
    budget?.missed.some(
      (miss) => miss.from.node === from && miss.to.node === to && miss.path === path && miss.what === what,
    ) ?? false;
  const table = htmlTable(
    `Latency, ${messageBytes}-byte messages, full round trip`,
    [
      { title: 'From', cell: ({ from }) => from },
      { title: 'To', cell: ({ to }) => to },
      { title: 'Path', cell: ({ path }) => path },
      { title: 'Messages', isNumber: true, cell: ({ samples }) => samples.toLocaleString('en') },
      {
        title: 'p50',
        isNumber: true,
        cell: (pair) => mark(formatMicroseconds(pair.p50), !isMissed(pair, 'p50')),
      },
      {
        title: 'p99',
        isNumber: true,
        cell: (pair) => mark(formatMicroseconds(pair.p99), !isMissed(pair, 'p99')),
      },
    ],
    pairs,
  );
  return html`${table}${when(
    budget,
    ({ checked, missed }) =>
      html`<p>Budget: ${mark(missed.length === 0 ? 'met' : `missed ${missed.length} times`, missed.length === 0)}, ${checked} limits were looked at</p>`,
  )}${when(
    simulation && pairs.length > 0,
    () =>
      html`<p class="quiet">A simulation: local nodes share one kernel, no network lies between them.</p>`,
  )}
`;
}

function stageList({ stages }: ClusterReport): Html {
  return html`<ul class="stages">${each(
    stages,
    ({ name, outcome, durationMs }) =>
      html`<li>${name} ${outcome === 'skipped' ? html`<em>skipped</em>` : mark(formatDuration(durationMs), outcome === 'done')}</li>`,
  )}</ul>`;
}

function mark(text: string, isGood: boolean): Html {
  return isGood ? html`${text}` : html`<strong class="bad">${text}</strong>`;
}
