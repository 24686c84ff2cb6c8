import { randomUUID } from 'node:crypto';
import type { Deployment, EngineEvent, StepEventStateMetadata } from '@pulumi/pulumi/automation/index.js';
import { resourceName } from './changes.ts';

/** A resource in a stack's state. */
export interface KnownResource {
  /** Such as `swarm:index:Service`. */
  type: string;
  name: string;
  id: string;
}

/** One that exists outside of Pulumi, with what the program says of it beside its properties. */
export interface ExistingResource extends KnownResource {
  /** What has to be there for it. */
  dependsOn?: KnownResource[];
  /** With what it goes by itself. */
  deletedWith?: KnownResource;
}

interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  parent?: string;
  provider?: string;
  inputs?: unknown;
  outputs?: unknown;
  dependencies?: string[];
  deletedWith?: string;
}

/** The resources of a state that stand for something outside of Pulumi. */
export function knownResources({ deployment }: Deployment): KnownResource[] {
  return resourcesOf(deployment).flatMap(({ urn, type, id }) =>
    id === undefined || type.startsWith('pulumi:') ? [] : [{ type, name: resourceName(urn), id }],
  );
}

/** A component, as Pulumi calls what only groups resources. */
export interface Component {
  type: string;
  name: string;
}

/** The URNs of resources under a component, and of what they stand under. */
export function urnsUnder(
  stack: string,
  project: string,
  component: Component,
  resources: readonly Pick<KnownResource, 'type' | 'name'>[],
): string[] {
  const urn = (type: string, name: string) => `urn:pulumi:${stack}::${project}::${type}::${name}`;
  return [
    urn('pulumi:pulumi:Stack', `${project}-${stack}`),
    urn(component.type, component.name),
    ...resources.map(({ type, name }) => urn(`${component.type}$${type}`, name)),
  ];
}

/** Gathers from the events of a preview what the program wants the resources to be that are not in the state. */
export function collectWanted(wanted: StepEventStateMetadata[], { resourcePreEvent }: EngineEvent): void {
  const { op, new: next } = resourcePreEvent?.metadata ?? {};
  if (op === 'create' && next) wanted.push(next);
}

/**
 * A state with resources that exist already, as if the program had made them: what it wants of them is taken for
 * what they are, until they are read. What they stand under and their providers come with them.
 * @param wanted all that the program wants and the state lacks, in the order in which it asks for it.
 */
export function withExisting(
  state: Deployment,
  wanted: readonly StepEventStateMetadata[],
  existing: readonly ExistingResource[],
): Deployment {
  const urnOf = ({ type, name }: KnownResource) =>
    wanted.find((one) => one.type === type && resourceName(one.urn) === name)?.urn;
  const providerIds = new Map<string, string>();
  const entries = wanted.flatMap((resource): StateResource[] => {
    const { urn, type, inputs, parent, custom = false } = resource;
    if (!custom) return [{ urn, custom, type, ...(parent ? { parent } : {}) }];
    if (type.startsWith('pulumi:providers:')) {
      const id = randomUUID();
      providerIds.set(urn, id);
      return [{ urn, custom, type, id, inputs, outputs: inputs }];
    }
    const found = existing.find((one) => one.type === type && one.name === resourceName(urn));
    if (!found) return [];
    const provider = withId(resource.provider, providerIds);
    const outputs = { ...unreadable[type], ...(withoutDefaults(inputs) as object), id: found.id };
    const dependencies = (found.dependsOn ?? []).map(urnOf).filter((one) => one !== undefined);
    const deletedWith = found.deletedWith && urnOf(found.deletedWith);
    const options = { parent, provider, dependencies, ...(deletedWith ? { deletedWith } : {}) };
    return [{ urn, custom, id: found.id, type, inputs, outputs, ...options }];
  });
  const deployment = { ...state.deployment, resources: [...resourcesOf(state.deployment), ...entries] };
  return { ...state, deployment };
}

/** What the Docker provider knows of a container only since it made it; without, it would make it anew. */
const unreadable: Record<string, object> = {
  'docker:index/container:Container': { envs: [], attach: false, logs: false, wait: false },
};

/** A reference to a provider is its URN and id; a preview does not know the id of one that is not in the state. */
function withId(reference: string, ids: ReadonlyMap<string, string>): string {
  const end = reference.lastIndexOf('::');
  const id = ids.get(reference.slice(0, end));
  return id === undefined ? reference : `${reference.slice(0, end)}::${id}`;
}

function resourcesOf(deployment: { resources?: StateResource[] }): StateResource[] {
  return deployment.resources ?? [];
}

/** Beside each object of inputs, Pulumi's bridge keeps a list of the keys that it filled in. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== '__defaults');
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutDefaults(inner)]));
}
