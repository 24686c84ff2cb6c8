import { displayWidth } from './display-width.ts';
import { cleanLine, cutLine } from './line.ts';
import type { ClusterReport, StageName } from './report.ts';
import type { Style } from './style.ts';
import {
  clusterDuration,
  formatElapsed,
  outcomeMarks,
  outcomeWord,
  shortStageWords,
  stageWords,
} from './wording.ts';

/** What is known of a cluster while the run goes on. */
export interface LiveCluster {
  name: string;
  stage?: StageName;
  /** When the stage began, in milliseconds of any clock. */
  startedAt: number;
  /** The newest word from the stage. */
  message: string;
  result?: ClusterReport;
}

export interface LiveView {
  command: string;
  clusters: readonly LiveCluster[];
  /** The spinner's picture of this moment. */
  frame: string;
  /** Now, by the clock of `startedAt`. */
  now: number;
  /** Lines that the block may take. */
  height: number;
}

/** Below this many columns a stage has its short name, so that there is room for what it says. */
const roomy = 66;
const elapsedWidth = '  1m05s'.length;

/** A line per cluster; where the window is too low, the running ones and how many there are besides. */
export function blockLines(view: LiveView, style: Style): string[] {
  const longest = Math.max(0, ...view.clusters.map((cluster) => cluster.name.length));
  const nameWidth = Math.min(longest, Math.floor(style.width / 2));
  const shown = mostTelling(view.clusters, view.height);
  const lines = shown.map((cluster) => fitParts(lineParts(cluster, view, nameWidth, style), style));
  const hidden = view.clusters.length - shown.length;
  if (hidden === 0) return lines;
  const finished = view.clusters.filter((cluster) => cluster.result).length;
  const { cut } = style.symbols;
  const rest = `  ${cut} and ${hidden} more; ${finished} of ${view.clusters.length} finished`;
  return [...lines, style.chalk.dim(cutLine(rest, style.width, cut))];
}

function mostTelling(clusters: readonly LiveCluster[], height: number): readonly LiveCluster[] {
  if (clusters.length <= height) return clusters;
  const rank = (cluster: LiveCluster) => (cluster.result ? 2 : cluster.stage ? 0 : 1);
  return clusters.toSorted((one, other) => rank(one) - rank(other)).slice(0, Math.max(0, height - 1));
}

/** A piece of a line with its colour, which cutting must not tear apart. */
type Part = [text: string, paint: (text: string) => string];

function lineParts(cluster: LiveCluster, view: LiveView, nameWidth: number, style: Style): Part[] {
  const { chalk, symbols, width } = style;
  const { mark, word, elapsed, message } = describeCluster(cluster, view, style);
  const name = cutLine(cluster.name, nameWidth, symbols.cut);
  const stageWidth = Math.max(...Object.values(stageNames(width)).map((stage) => stage.length));
  return [
    mark,
    [` ${name.padEnd(nameWidth)}  `, String],
    elapsed === '' ? word : [word[0].padEnd(stageWidth), word[1]],
    [elapsed === '' ? '' : elapsed.padStart(elapsedWidth), chalk.dim],
    [message === '' ? '' : `  ${cleanLine(message)}`, chalk.dim],
  ];
}

function stageNames(width: number): Record<StageName, string> {
  return width < roomy ? shortStageWords : stageWords;
}

interface Description {
  mark: Part;
  word: Part;
  elapsed: string;
  message: string;
}

function describeCluster(cluster: LiveCluster, view: LiveView, style: Style): Description {
  const { chalk, symbols } = style;
  if (cluster.result) return describeFinished(cluster.result, view.command, style);
  if (!cluster.stage)
    return { mark: [symbols.waiting, chalk.dim], word: ['waiting', chalk.dim], elapsed: '', message: '' };
  return {
    mark: [view.frame, chalk.cyan],
    word: [stageNames(style.width)[cluster.stage], String],
    elapsed: formatElapsed(view.now - cluster.startedAt),
    message: cluster.message,
  };
}

function describeFinished(result: ClusterReport, command: string, { chalk, symbols }: Style): Description {
  const { mark, paint } = outcomeMarks[result.outcome];
  return {
    mark: [symbols[mark], paint(chalk)],
    word: [outcomeWord(result.outcome, command), paint(chalk)],
    elapsed: formatElapsed(clusterDuration(result)),
    message: result.error?.message ?? '',
  };
}

function fitParts(parts: readonly Part[], { width, symbols }: Style): string {
  let room = width;
  return parts
    .map(([text, paint]) => {
      const cut = cutLine(text, room, symbols.cut);
      room -= displayWidth(cut);
      return cut === '' ? '' : paint(cut);
    })
    .join('');
}
