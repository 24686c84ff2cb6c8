import type { EngineEvent, StepEventMetadata } from '@pulumi/pulumi/automation/index.js';
import { changedPaths } from '../../provider/changed-paths.ts';
import type { Changes, ResourceStep } from '../report/report.ts';

/** What one run of the Pulumi engine changes, or would change. */
export interface StackChanges {
  counts: Changes;
  /** All that is not `same`, in the order in which the engine came to it. */
  steps: ResourceStep[];
  /** The resources that are there afterwards, as `Swarm eu-west-1`. */
  present: Set<string>;
}

const opOfStep: Record<string, ResourceStep['op'] | 'same'> = {
  create: 'create',
  update: 'update',
  replace: 'replace',
  delete: 'delete',
  same: 'same',
};

export function noChanges(): StackChanges {
  return { counts: { create: 0, update: 0, replace: 0, delete: 0, same: 0 }, steps: [], present: new Set() };
}

/** The sum over several stacks. */
export function addChanges(all: readonly StackChanges[]): StackChanges {
  const sum = noChanges();
  for (const { counts, steps, present } of all) {
    sum.steps.push(...steps);
    for (const resource of present) sum.present.add(resource);
    addCounts(sum.counts, counts);
  }
  return sum;
}

/** Adds `counts` to the sum. */
export function addCounts(sum: Changes, counts: Changes): void {
  for (const op of Object.keys(sum) as (keyof Changes)[]) sum[op] += counts[op];
}

export function hasChanges({ steps }: StackChanges): boolean {
  return steps.length > 0;
}

/** Such as `3 to create, 1 to update`, in the words of what was or would be done. */
export function describeCounts({ counts }: StackChanges): string {
  const parts = (['create', 'update', 'replace', 'delete'] as const).flatMap((op) =>
    counts[op] > 0 ? [`${op} ${counts[op]}`] : [],
  );
  return parts.length > 0 ? parts.join(', ') : 'no changes';
}

/** Such as `2 resources differed`. */
export function describeDrift({ steps }: StackChanges): string {
  if (steps.length === 0) return 'state is up to date';
  return steps.length === 1 ? '1 resource differed' : `${steps.length} resources differed`;
}

/** Counts the step that an engine event is about, unless it concerns Pulumi's own bookkeeping. */
export function countStep(
  changes: StackChanges,
  event: EngineEvent['resourcePreEvent'] | EngineEvent['resOutputsEvent'],
): void {
  const metadata = event?.metadata;
  if (!metadata || !isManaged(metadata) || isRetained(metadata)) return;
  if (metadata.op !== 'delete') changes.present.add(describeResource(metadata.urn));
  const op = opOfStep[metadata.op];
  if (!op) return;
  changes.counts[op] += 1;
  if (op !== 'same') changes.steps.push(stepOf(metadata, op));
}

/** Counts how a resource that a preview with refresh has read differs from the state. */
export function countFound(found: StackChanges, event: EngineEvent['resOutputsEvent']): void {
  const metadata = event?.metadata;
  if (metadata?.op !== 'refresh' || !isManaged(metadata)) return;
  const { old, new: next, urn } = metadata;
  const op = next ? (changedPaths(old?.outputs, next.outputs).length > 0 ? 'update' : 'same') : 'delete';
  if (op !== 'delete') found.present.add(describeResource(urn));
  found.counts[op] += 1;
  if (op !== 'same') found.steps.push(stepOf(metadata, op));
}

/** The step that an engine event reports as done. */
export function finishedStep(event: EngineEvent): ResourceStep | undefined {
  const metadata = event.resOutputsEvent?.metadata;
  if (!metadata || event.resOutputsEvent?.planning) return undefined;
  if (!isManaged(metadata) || isRetained(metadata)) return undefined;
  const op = opOfStep[metadata.op];
  return op && op !== 'same' ? stepOf(metadata, op) : undefined;
}

/** Stacks, providers and components stand for nothing that exists outside of Pulumi. */
export function isManaged({ type, provider }: StepEventMetadata): boolean {
  return provider !== '' && !type.startsWith('pulumi:');
}

/** What the state lets go of and the swarm keeps. */
function isRetained({ op, old }: StepEventMetadata): boolean {
  return op === 'delete' && old?.retainOnDelete === true;
}

function stepOf(metadata: StepEventMetadata, op: ResourceStep['op']): ResourceStep {
  const { urn, type, old, new: next } = metadata;
  const fields = op === 'update' || op === 'replace' ? changedPaths(old?.inputs, next?.inputs) : [];
  return { op, type: typeName(type), name: resourceName(urn), fields };
}

/** `Service` of `swarm:index:Service`. */
export function typeName(type: string): string {
  return type.split(':').at(-1) ?? type;
}

/** The last part of a URN: `urn:pulumi:stack::project::type::name`. */
export function resourceName(urn: string): string {
  return urn.split('::').at(-1) ?? urn;
}

/** Such as `Service shop_web`. */
export function describeResource(urn: string): string {
  const type = urn.split('::').at(2)?.split(/[:$]/).at(-1) ?? 'resource';
  return `${type} ${resourceName(urn)}`;
}
