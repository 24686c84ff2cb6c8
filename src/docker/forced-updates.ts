import type { ServiceSpec } from './engine-spec.ts';

/**
 * How many of a service's forced updates swarmctl made: the engine has one counter for those of everybody, and only what
 * somebody else did is drift.
 */
const ownCount = 'swarmctl.restarts';

/** The same with all tasks to be replaced by equal ones, as the service's `update_config` says. */
export function withForcedUpdate(spec: ServiceSpec): ServiceSpec {
  const { ForceUpdate = 0 } = spec.TaskTemplate;
  return {
    ...spec,
    Labels: { ...spec.Labels, [ownCount]: String(ownUpdates(spec) + 1) },
    TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: ForceUpdate + 1 },
  };
}

/** A wanted spec with the counters of the one that is there: another value would replace the tasks. */
export function keepForcedUpdates(wanted: ServiceSpec, live: ServiceSpec): ServiceSpec {
  const own = live.Labels?.[ownCount];
  return {
    ...wanted,
    Labels: { ...wanted.Labels, ...(own !== undefined && { [ownCount]: own }) },
    TaskTemplate: { ...wanted.TaskTemplate, ForceUpdate: live.TaskTemplate.ForceUpdate ?? 0 },
  };
}

/** A spec without either counter, which are no part of what is wanted. */
export function withoutForcedUpdates(spec: ServiceSpec): ServiceSpec {
  const { [ownCount]: _own, ...Labels } = spec.Labels ?? {};
  const { ForceUpdate: _all, ...TaskTemplate } = spec.TaskTemplate;
  return { ...spec, Labels, TaskTemplate };
}

/** How often others have replaced the tasks of a service without a change. */
export function foreignForcedUpdates(spec: ServiceSpec): number {
  return (spec.TaskTemplate.ForceUpdate ?? 0) - ownUpdates(spec);
}

function ownUpdates({ Labels }: ServiceSpec): number {
  return Number(Labels?.[ownCount] ?? 0);
}
