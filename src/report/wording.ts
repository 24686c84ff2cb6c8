import type { ChalkInstance } from 'chalk';
import type { ClusterReport, Outcome, Report, ResourceStep, ServiceReport, StageName } from './report.ts';
import type { Symbols } from './symbols.ts';

/** Stages as the reader sees them while they run. */
export const stageWords: Record<StageName, string> = {
  build: 'building images',
  form: 'forming the swarm',
  refresh: 'refresh',
  bench: 'latency benchmark',
  gate: 'latency budget',
  preview: 'preview',
  guard: 'guard',
  up: 'up',
  verify: 'verify',
  soak: 'canary soak',
  rollback: 'rollback',
  destroy: 'destroy',
  scale: 'scale',
  restart: 'restart',
  rebalance: 'rebalance',
  unlock: 'unlock',
  rotate: 'rotation',
  status: 'status',
  find: 'search',
  adopt: 'adopt',
  check: 'drift check',
};

/** The same where there is little room: as the files and the reports call them, the longest with 7 letters. */
export const shortStageWords: Record<StageName, string> = {
  ...stageWords,
  build: 'images',
  form: 'forming',
  bench: 'bench',
  gate: 'gate',
  check: 'check',
  rebalance: 'balance',
  rotate: 'rotate',
  soak: 'soak',
  rollback: 'back',
};

/** Signs and words of what happens to a resource, as Pulumi and Terraform show them. */
export const opWords: Record<
  ResourceStep['op'],
  { sign: (symbols: Symbols) => string; done: string; paint: (chalk: ChalkInstance) => ChalkInstance }
> = {
  create: { sign: () => '+', done: 'created', paint: (chalk) => chalk.green },
  update: { sign: () => '~', done: 'updated', paint: (chalk) => chalk.yellow },
  replace: { sign: ({ replace }) => replace, done: 'replaced', paint: (chalk) => chalk.bold.magenta },
  delete: { sign: () => '-', done: 'deleted', paint: (chalk) => chalk.bold.red },
};

/** Mark and colour of how a cluster ended. */
export const outcomeMarks: Record<
  Outcome,
  { mark: 'good' | 'bad' | 'skipped'; paint: (chalk: ChalkInstance) => ChalkInstance }
> = {
  updated: { mark: 'good', paint: (chalk) => chalk.green },
  unchanged: { mark: 'good', paint: (chalk) => chalk.green },
  drifted: { mark: 'bad', paint: (chalk) => chalk.yellow },
  failed: { mark: 'bad', paint: (chalk) => chalk.red },
  refused: { mark: 'bad', paint: (chalk) => chalk.yellow },
  skipped: { mark: 'skipped', paint: (chalk) => chalk.dim },
  'rolled-back': { mark: 'bad', paint: (chalk) => chalk.yellow },
};

const wordsByCommand: Record<string, Partial<Record<Outcome, string>>> = {
  adopt: { updated: 'adopted', unchanged: 'nothing to adopt' },
  'adopt --dry-run': { updated: 'can be adopted', unchanged: 'nothing to adopt' },
  bench: { updated: 'measured', unchanged: 'measured' },
  destroy: { updated: 'destroyed', unchanged: 'already gone' },
  'drift-check': { updated: 'repaired', unchanged: 'clean', drifted: 'drift', failed: 'not checked' },
  'drift-check --since-last': {
    updated: 'repaired',
    unchanged: 'nothing new',
    drifted: 'new drift',
    failed: 'not checked',
  },
  refresh: { updated: 'accepted', unchanged: 'nothing to accept' },
  rebalance: { updated: 'rebalanced', unchanged: 'even already' },
  restart: { updated: 'restarted' },
  scale: { updated: 'scaled' },
  rollback: { updated: 'rolled back', unchanged: 'nothing to roll back' },
  'secrets rotate': { updated: 'rotated', unchanged: 'rotated already' },
  preview: { updated: 'changes', unchanged: 'no changes' },
  unlock: { updated: 'unlocked', unchanged: 'not locked' },
  'unlock-key': { updated: 'rotated' },
  'join-token': { updated: 'rotated' },
  status: { updated: 'read', unchanged: 'read' },
};

/** How an outcome is called after a command: what `up` updated, `destroy` destroyed. */
export function outcomeWord(outcome: Outcome, command: string): string {
  return wordsByCommand[command]?.[outcome] ?? outcome.replace('-', ' ');
}

const outcomes: readonly Outcome[] = [
  'updated',
  'unchanged',
  'drifted',
  'failed',
  'refused',
  'skipped',
  'rolled-back',
];

/** How many clusters had which outcome: `1 updated`, `2 failed`; outcomes without a cluster are left out. */
export function countOutcomes({ clusters, command }: Report): { outcome: Outcome; text: string }[] {
  return outcomes.flatMap((outcome) => {
    const count = clusters.filter((cluster) => cluster.outcome === outcome).length;
    return count === 0 ? [] : [{ outcome, text: `${count} ${outcomeWord(outcome, command)}` }];
  });
}

/** `2 clusters in 14.2s: 1 updated, 1 failed`; `2 clusters and fleet.links in …`. */
export function closingLine(report: Report, chalk: ChalkInstance): string {
  const counts = countOutcomes(report).map(({ outcome, text }) => outcomeMarks[outcome].paint(chalk)(text));
  const { length } = report.clusters.filter(({ fleetWide }) => !fleetWide);
  const others = report.clusters.flatMap(({ fleetWide, name }) => (fleetWide ? [name] : []));
  const subject = [length === 1 ? '1 cluster' : `${length} clusters`, ...others].join(' and ');
  return `${subject} in ${formatDuration(report.durationMs)}: ${counts.join(', ')}`;
}

/** `up of shop: 1 updated, 1 failed`. */
export function reportTitle(report: Report): string {
  const subject = report.fleet === undefined ? report.command : `${report.command} of ${report.fleet}`;
  const counts = countOutcomes(report).map(({ text }) => text);
  return `${subject}: ${counts.length === 0 ? 'failed' : counts.join(', ')}`;
}

export function isRunning(service: ServiceReport): boolean {
  return service.running >= service.desired;
}

/** Services with all their tasks, of all: `3/4`; empty where there are none. */
export function runningServices({ services }: ClusterReport): string {
  return services.length === 0 ? '' : `${services.filter(isRunning).length}/${services.length}`;
}

/** A duration in milliseconds as `0.4s`, `12.3s` or `2m05s`. */
export function formatDuration(milliseconds: number): string {
  // What rounds to a minute is written as one, never as 60.0s.
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)}s`;
  return formatElapsed(milliseconds);
}

/** A duration in milliseconds that still grows, in whole seconds: `3s`, `2m05s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

/** A latency in milliseconds with two significant digits: `0.066 ms`, `1.5 ms`, `150 ms`. */
export function formatLatency(milliseconds: number): string {
  return `${milliseconds >= 10 ? Math.round(milliseconds) : Number(milliseconds.toPrecision(2))} ms`;
}

/** The time that a cluster's stages took together, in milliseconds. */
export function clusterDuration(cluster: ClusterReport): number {
  return cluster.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
}

/** `+ created Service web`. */
export function describeDone({ op, type, name }: ResourceStep, symbols: Symbols): string {
  return `${opWords[op].sign(symbols)} ${opWords[op].done} ${type} ${name}`;
}
