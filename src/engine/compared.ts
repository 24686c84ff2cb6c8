import type { EngineEvent, StepEventMetadata } from '@pulumi/pulumi/automation/index.js';
import { changedPaths } from '../../provider/changed-paths.ts';
import { isManaged, resourceName, typeName } from './changes.ts';

type Properties = Record<string, unknown>;

/** One resource as the state has it and as it was found; the values of secrets are masked by the engine. */
export interface ComparedResource {
  /** The last part of the Pulumi type, such as `Service`. */
  type: string;
  name: string;
  /** What the swarm or the engine calls it. */
  id: string;
  expected: Properties;
  /** Undefined when it is gone. */
  found: Properties | undefined;
  /** Paths of what differs, such as `spec.TaskTemplate.ContainerSpec.Image`. */
  paths: string[];
}

/** Takes what an event of a refresh tells of a resource that stands for something outside of Pulumi. */
export function collectCompared(compared: ComparedResource[], { resOutputsEvent }: EngineEvent): void {
  const metadata = resOutputsEvent?.metadata;
  if (!metadata?.old || !isManaged(metadata)) return;
  const { urn, type, old, new: next } = metadata;
  const isGone = metadata.op === 'delete';
  compared.push({
    type: typeName(type),
    name: resourceName(urn),
    id: old.id,
    expected: { ...old.outputs, ...inputsOf(old) },
    found: isGone ? undefined : { ...next?.outputs, ...next?.inputs },
    paths: isGone ? [] : differingPaths(metadata),
  });
}

/**
 * What the resource's provider calls a difference, and of ours also what is only in the state: it is never wanted to be
 * anything, so no provider compares it.
 */
function differingPaths({ op, type, old, new: next, detailedDiff }: StepEventMetadata): string[] {
  const told = Object.keys(detailedDiff ?? {}).filter((path) => path !== adoption);
  const inputs = told.length > 0 ? told : changedPaths(inputsOf(old), inputsOf(next));
  const onlyInState = (state: typeof old) =>
    Object.fromEntries(Object.entries(state?.outputs ?? {}).filter(([key]) => !(key in (old?.inputs ?? {}))));
  const others = type.startsWith('swarm:') ? changedPaths(onlyInState(old), onlyInState(next)) : [];
  if (op === 'same') return others;
  const differing = [...inputs, ...others];
  const wasAdopted = adoption in (old?.inputs ?? {});
  return differing.length > 0 || wasAdopted ? differing : [''];
}

/** The input by which a resource was adopted; it stays in the state until the next `up`, and is read from nowhere. */
const adoption = 'adopt';

function inputsOf(state: StepEventMetadata['old']): Properties {
  const { [adoption]: _id, ...inputs } = state?.inputs ?? {};
  return inputs;
}
