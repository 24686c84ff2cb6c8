import { errorLines } from './error.ts';
import { wrapText } from './line.ts';
import type { Changes, ClusterReport, Report, ResourceStep } from './report.ts';
import type { Style } from './style.ts';
import { opWords } from './wording.ts';

const indent = '  ';

/** What a preview found, per cluster: resource by resource, then in numbers. */
export function changesLines(report: Report, style: Style): string[] {
  return report.clusters.flatMap((cluster, index) => [
    ...(index === 0 ? [] : ['']),
    style.chalk.bold(cluster.name),
    ...clusterChangesLines(cluster, style),
  ]);
}

/** One cluster's changes without its name, as they are also shown before a question. */
export function clusterChangesLines(cluster: ClusterReport, style: Style): string[] {
  const steps = stepsLines(cluster.steps, style);
  const count = indent + style.chalk.bold(countChanges(cluster.changes));
  if (!cluster.error) return [...steps, count];
  // A guard refuses what it has seen: both belong together. A preview that failed has no numbers to tell.
  return [...(steps.length > 0 ? [...steps, count] : []), ...errorLines(cluster.error, style)];
}

const doneWords = { create: 'created', update: 'updated', replace: 'replaced', delete: 'deleted' };

/**
 * `2 to create, 1 to update, 5 unchanged`; without changes `no changes, 5 unchanged`.
 * @param isDone for changes that were made: `2 created, 1 updated`.
 */
export function countChanges(changes: Changes, isDone = false): string {
  const told = (['create', 'update', 'replace', 'delete'] as const)
    .filter((op) => changes[op] > 0)
    .map((op) => `${changes[op]} ${isDone ? doneWords[op] : `to ${op}`}`);
  const counts = told.length > 0 ? told : ['no changes'];
  return [...counts, ...(changes.same > 0 ? [`${changes.same} unchanged`] : [])].join(', ');
}

/** Whether a cluster's changes were made, all of them. */
export function changesAreDone({ outcome }: ClusterReport, command: string): boolean {
  return outcome === 'updated' && !['preview', 'adopt'].includes(command);
}

/** A line for each step, with what changes in it. */
export function stepsLines(steps: readonly ResourceStep[], style: Style): string[] {
  const typeWidth = Math.max(0, ...steps.map((step) => step.type.length));
  return steps.flatMap((step) => stepLines(step, typeWidth, style));
}

function stepLines(step: ResourceStep, typeWidth: number, style: Style): string[] {
  const { sign, paint } = opWords[step.op];
  const action = `${sign(style.symbols)} ${step.op.padEnd('replace'.length)}`;
  const subject = `${step.type.padEnd(typeWidth)}  ${step.name}`;
  const line = `${indent}${paint(style.chalk)(action)}  ${subject}`;
  const length = indent.length + action.length + 2 + subject.length;
  return placeFields(line, length, step.fields, style);
}

/** Changed paths stand behind the resource; where they do not fit, below it. */
function placeFields(line: string, length: number, fields: string[], style: Style): string[] {
  if (fields.length === 0) return [line];
  const list = fields.join(', ');
  if (length + 2 + list.length <= style.width) return [`${line}  ${style.chalk.dim(list)}`];
  const below = indent.repeat(3);
  return [
    line,
    ...wrapText(list, style.width - below.length).map((fieldLine) => below + style.chalk.dim(fieldLine)),
  ];
}
