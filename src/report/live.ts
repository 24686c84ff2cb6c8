import ora, { spinners } from 'ora';
import type { SwarmEvent } from '../events.ts';
import { displayWidth } from './display-width.ts';
import type { Io } from './io.ts';
import { cutLine } from './line.ts';
import { blockLines, type LiveCluster } from './live-block.ts';
import { noteLine } from './note.ts';
import type { ResourceStep } from './report.ts';
import type { ProgressReporter } from './reporter.ts';
import type { Style } from './style.ts';
import { describeDone, opWords } from './wording.ts';

const interval = 80;

// ora puts two spaces behind what it draws, and a terminal echoes ^C there: both must fit, or the line wraps.
const margin = 5;

/** A line per cluster, redrawn in place; what stays (resource changes, notes) scrolls away above them. */
export function createLiveReporter(io: Io): ProgressReporter {
  const run = { command: '', clusters: new Map<string, LiveCluster>() };
  const held: string[] = [];
  let state: 'idle' | 'drawing' | 'paused' = 'idle';
  // ora knows one spinner; as its prefix, the block has one for each cluster and is composed anew for each frame.
  const spinner = ora({
    stream: io.stderr,
    isEnabled: true,
    color: false,
    // Ctrl-C has to reach the whole process group as a signal, and questions need the input.
    discardStdin: false,
    spinner: { frames: [''], interval },
    prefixText: () => drawBlock(run, io),
  });

  function print(line: string): void {
    if (state === 'paused') held.push(line);
    // ora notices the write, and draws the block again below the line.
    else io.stderr.write(`${line}\n`);
  }

  function draw(): void {
    state = 'drawing';
    for (const line of held.splice(0)) print(line);
    spinner.start();
  }

  return {
    onEvent(event) {
      if (event.type === 'run-started') {
        run.command = event.command;
        for (const name of event.clusters) run.clusters.set(name, { name, startedAt: 0, message: '' });
        draw();
      }
      followCluster(run.clusters, event);
      const line = lastingLine(event, io.errStyle);
      if (line !== undefined) print(line);
    },
    async pauseWhile(talk) {
      if (state !== 'drawing') return talk();
      state = 'paused';
      spinner.stop();
      try {
        return await talk();
      } finally {
        // stop() may have been called meanwhile, and has the last word.
        if (state === 'paused') draw();
      }
    },
    stop() {
      state = 'idle';
      spinner.stop();
      for (const line of held.splice(0)) print(line);
    },
  };
}

function drawBlock(run: { command: string; clusters: Map<string, LiveCluster> }, io: Io): string {
  const now = performance.now();
  const { frames } = spinners[io.errStyle.symbols.spinner];
  const view = {
    command: run.command,
    clusters: [...run.clusters.values()],
    frame: frames[Math.floor(now / interval) % frames.length] ?? '',
    now,
    height: (io.stderr.rows || 24) - 1,
  };
  return blockLines(view, { ...io.errStyle, width: io.errStyle.width - margin }).join('\n');
}

/** Keeps a cluster's line up to date. */
function followCluster(clusters: Map<string, LiveCluster>, event: SwarmEvent): void {
  if (!('cluster' in event) || event.cluster === undefined) return;
  // What lies between the clusters has a line once there is something to be done about it.
  if (event.type === 'stage-started' && !clusters.has(event.cluster))
    clusters.set(event.cluster, { name: event.cluster, startedAt: 0, message: '' });
  const cluster = clusters.get(event.cluster);
  if (!cluster) return;
  if (event.type === 'stage-started') {
    // A cluster that has ended is worked on again when it goes back.
    delete cluster.result;
    cluster.stage = event.stage;
    cluster.startedAt = performance.now();
    cluster.message = '';
  }
  if (event.type === 'stage-progress') cluster.message = event.message;
  if (event.type === 'stage-finished') cluster.message = event.summary ?? event.outcome;
  if (event.type === 'cluster-finished') cluster.result = event.result;
}

/** What stays readable after the block is gone. */
function lastingLine(event: SwarmEvent, style: Style): string | undefined {
  if (event.type === 'note') return noteLine(event, style);
  if (event.type !== 'resource-changed') return undefined;
  return doneLine(event.cluster, event.step, style);
}

/** The name of what was changed is never cut: it is the end of it that tells resources apart. */
function doneLine(cluster: string, step: ResourceStep, { chalk, symbols, width }: Style): string {
  const { sign, paint } = opWords[step.op];
  const subject = describeDone(step, symbols);
  const start = `[${cluster}] `;
  const room = width - displayWidth(start + subject) - 2;
  const fields =
    step.fields.length > 0 && room > 0 ? cutLine(`  ${step.fields.join(', ')}`, room, symbols.cut) : '';
  return `${start}${subject.replace(sign(symbols), paint(chalk)(sign(symbols)))}${chalk.dim(fields)}`;
}
