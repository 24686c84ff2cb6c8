import { fillLines } from './line.ts';
import type { ClusterReport, StageName, StageReport } from './report.ts';
import type { Style } from './style.ts';
import type { Symbols } from './symbols.ts';
import type { Column } from './table.ts';
import { formatDuration } from './wording.ts';

/** Stages that took time or failed anywhere, in the order of the run; the rest say nothing. */
export function timedStages(clusters: ClusterReport[]): StageName[] {
  const telling = (stage: StageReport) => stage.outcome === 'failed' || stage.durationMs >= 50;
  const longest = clusters.toSorted((one, other) => other.stages.length - one.stages.length);
  const names = new Set(longest.flatMap((cluster) => cluster.stages.map((stage) => stage.name)));
  return [...names].filter((name) =>
    clusters.some((cluster) => cluster.stages.some((stage) => stage.name === name && telling(stage))),
  );
}

/** A column of seconds for each stage. */
export function stageColumns(stages: StageName[], { chalk, symbols }: Style): Column<ClusterReport>[] {
  return stages.map((name) => ({
    title: name,
    align: 'right',
    cell: (cluster) => stageTime(stageOf(cluster, name), symbols),
    paint: (text, cluster) => (stageOf(cluster, name)?.outcome === 'failed' ? chalk.red(text) : text),
  }));
}

/** The same as lines to stand below a cluster. */
export function stagesBelow(cluster: ClusterReport, names: StageName[], style: Style): string[] {
  const parts = names
    .map((name) => stageOf(cluster, name))
    .filter((stage) => stage !== undefined)
    .map((stage) => `${stage.name} ${stageTime(stage, style.symbols)}`);
  return parts.length === 0
    ? []
    : fillLines(parts, ` ${style.symbols.between} `, style.width - 2).map((line) =>
        style.chalk.dim(`  ${line}`),
      );
}

function stageOf(cluster: ClusterReport, name: StageName): StageReport | undefined {
  return cluster.stages.find((stage) => stage.name === name);
}

function stageTime(stage: StageReport | undefined, { bad }: Symbols): string {
  if (!stage) return '';
  if (stage.outcome === 'skipped') return 'skipped';
  return `${stage.outcome === 'failed' ? `${bad} ` : ''}${formatDuration(stage.durationMs)}`;
}
