import type { ChalkInstance } from 'chalk';
import type { LogEntry } from './answers.ts';
import type { Io } from './io.ts';
import { writeOut } from './while-read.ts';

const colors = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red'] as const;

/** Colours of clusters, the same for the same fleet. */
function clusterColors(clusters: readonly string[], chalk: ChalkInstance): Map<string, ChalkInstance> {
  return new Map(clusters.map((name, index) => [name, chalk[colors[index % colors.length] ?? 'cyan']]));
}

/** Writes lines of logs to stdout, no faster than they are read. */
export function createLogPrinter(
  io: Io,
  { timestamps, json, clusters }: { timestamps: boolean; json: boolean; clusters: readonly string[] },
): (entry: LogEntry, signal: AbortSignal) => Promise<void> {
  const paint = clusterColors(clusters, io.outStyle.chalk);
  const isTerminal = io.stdout.isTTY === true;
  // As wide as the widest so far, as the docker client has it.
  let width = 0;
  return (entry, signal) => {
    if (json) return writeOut(io, `${JSON.stringify(entry)}\n`, signal);
    const source = `${entry.cluster}  ${entry.task}@${entry.node}`;
    width = Math.max(width, source.length);
    const time = timestamps ? `${entry.time} ` : '';
    const text = isTerminal ? onlyColors(entry.text) : entry.text;
    const color = paint.get(entry.cluster) ?? io.outStyle.chalk;
    return writeOut(io, `${time}${color(source.padEnd(width))} | ${text}\n`, signal);
  };
}

/** Writes what a command says in several tasks to stdout: whole lines, with the task before each. */
export function createTargetPrinter(
  io: Io,
  targets: readonly { cluster: string; task: { name: string; node: string } }[],
): (target: (typeof targets)[number], data: Uint8Array | undefined, signal: AbortSignal) => Promise<void> {
  const paint = clusterColors([...new Set(targets.map(({ cluster }) => cluster))], io.outStyle.chalk);
  const sourceOf = ({ cluster, task }: (typeof targets)[number]) => `${cluster}  ${task.name}@${task.node}`;
  const width = Math.max(...targets.map((target) => sourceOf(target).length));
  const decoders = new Map(targets.map((target) => [target, { decoder: new TextDecoder(), rest: '' }]));
  return async (target, data, signal) => {
    const own = decoders.get(target) ?? { decoder: new TextDecoder(), rest: '' };
    const lines = (own.rest + own.decoder.decode(data, { stream: data !== undefined })).split('\n');
    own.rest = data === undefined ? '' : (lines.pop() ?? '');
    const source = (paint.get(target.cluster) ?? io.outStyle.chalk)(sourceOf(target).padEnd(width));
    const shown = data === undefined ? lines.filter((line) => line !== '') : lines;
    for (const line of shown) await writeOut(io, `${source} | ${line}\n`, signal);
  };
}

/** What an app logs may be coloured, but moves no cursor and sets no title of the reader's terminal. */
function onlyColors(text: string): string {
  return text.replace(/\u001b\[[\d;]*m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (code) =>
    code.length > 1 ? code : '',
  );
}
