import type { ClusterReport, StageName } from '../report.ts';
import { timedStages } from '../stage-times.ts';
import { clusterDuration, formatDuration, stageWords } from '../wording.ts';
import { each, type Html, html, when } from './html.ts';

/** A bar per cluster, whose parts are its stages, all on one scale. */
export function timeline(clusters: ClusterReport[]): Html {
  const longest = Math.max(...clusters.map(clusterDuration), 1);
  const stages = timedStages(clusters);
  return when(
    stages.length > 0,
    () => html`<section>
<h2>Time</h2>
<div class="timeline">
${each(clusters, (cluster) => bar(cluster, longest))}</div>
<ul class="legend">${each(stages, (stage) => html`<li><i class="stage ${stage}"></i>${stageWords[stage]}</li>`)}</ul>
</section>
`,
  );
}

function bar(cluster: ClusterReport, longest: number): Html {
  const parts = cluster.stages.filter(({ durationMs }) => durationMs > 0);
  const label = parts.map((stage) => tell(stage.name, stage.durationMs)).join(', ');
  return html`<span class="who">${cluster.name}</span>
<span class="bar" role="img" aria-label="${label}">${each(parts, (stage) => {
    const share = ((100 * stage.durationMs) / longest).toFixed(2);
    const failed = stage.outcome === 'failed' ? ' failed' : '';
    return html`<i class="stage ${stage.name}${failed}" style="width:${share}%" title="${tell(stage.name, stage.durationMs)}"></i>`;
  })}</span>
<span class="number">${formatDuration(clusterDuration(cluster))}</span>
`;
}

function tell(stage: StageName, durationMs: number): string {
  return `${stageWords[stage]} ${formatDuration(durationMs)}`;
}
