import type { AuthConfig, CreateServiceOptions } from 'dockerode';
import { type ConvergenceOptions, failedTasks, waitForConvergence } from '../src/docker/convergence.ts';
import type { ServiceSpec } from '../src/docker/engine-spec.ts';
import { unlessGone } from '../src/docker/failure.ts';
import { foreignForcedUpdates, keepForcedUpdates } from '../src/docker/forced-updates.ts';
import { registryAuth } from '../src/docker/registry-auth.ts';
import { canonicalServiceSpec } from '../src/docker/service-spec.ts';
import { changeInSequence } from '../src/docker/swarm.ts';
import { SwarmctlError } from '../src/errors.ts';
import { changedPaths } from './changed-paths.ts';
import { type Context, HalfDoneError, type Resource } from './resource.ts';

export interface ServiceInputs {
  /** The whole spec, as the Engine API takes it. */
  spec: ServiceSpec;
  /** Seconds that the service has to converge after each change. */
  deadlineSeconds: number;
}

interface ServiceState extends ServiceInputs {
  /** How often others replaced its tasks without a change; only kept, so that it is seen when somebody did so. */
  forceUpdate?: number;
}

interface LiveService {
  ID: string;
  Version: { Index: number };
  Spec: ServiceSpec;
}

/** A service of the swarm. A change is done in place by the swarm's own rolling update. */
export const service: Resource<ServiceInputs, ServiceState> = {
  difference(state, inputs) {
    // Where Pulumi asks what the replacement of a network would do to the service, the spec is not known.
    if (inputs.spec.TaskTemplate === undefined) return { changes: ['spec'], replaces: [] };
    const changes = changedPaths(canonicalServiceSpec(state.spec), canonicalServiceSpec(inputs.spec));
    const replaces = changes.filter((path) => path === 'Name' || modeChanges(path, state.spec, inputs.spec));
    return { changes: changes.map(inSpec), replaces: replaces.map(inSpec) };
  },

  async create(context, inputs) {
    const id = await createOrFind(context, inputs.spec);
    await converge(context, id, inputs, 'made', new Set());
    return { id, state: inputs };
  },

  async read(context, id, state) {
    const live = await find(context, id);
    if (!live) return undefined;
    const inputs = { spec: canonicalServiceSpec(live.Spec), deadlineSeconds: state.deadlineSeconds };
    return { inputs, state: stateOf(inputs, live) };
  },

  async update(context, id, _state, inputs) {
    const earlierFailures = await failedTasks(context.swarm, id);
    const auth = await credentials(inputs.spec);
    const { live, changed } = await changeInSequence(
      context.swarm,
      `updating service ${inputs.spec.Name}`,
      async (api) => {
        const live = (await api.getService(id).inspect()) as LiveService;
        if (changedPaths(canonicalServiceSpec(live.Spec), canonicalServiceSpec(inputs.spec)).length === 0)
          return { live, changed: false };
        const spec = keepForcedUpdates(inputs.spec, live.Spec);
        await api.getService(id).update({ ...spec, version: live.Version.Index, authconfig: auth });
        return { live, changed: true };
      },
    );
    await converge(context, id, inputs, changed ? 'updated' : 'none', earlierFailures);
    return stateOf(inputs, live);
  },

  async delete(context, id, state) {
    const { Name } = state.spec;
    await unlessGone(context.swarm.ask(`removing service ${Name}`, (api) => api.getService(id).remove()));
  },
};

function stateOf(inputs: ServiceInputs, live: LiveService): ServiceState {
  const forceUpdate = foreignForcedUpdates(live.Spec);
  return { ...inputs, ...(forceUpdate !== 0 && { forceUpdate }) };
}

function inSpec(path: string): string {
  return `spec.${path}`;
}

/** A replicated service cannot become a global one. */
function modeChanges(path: string, before: ServiceSpec, after: ServiceSpec): boolean {
  return path.startsWith('Mode') && kindOf(before) !== kindOf(after);
}

function kindOf(spec: ServiceSpec): string {
  return Object.keys(spec.Mode ?? {})[0] ?? 'Replicated';
}

/** A service of that name whose creation was cut off before it got into the state is the same one. */
async function createOrFind(context: Context, spec: ServiceSpec): Promise<string> {
  const { Name } = spec;
  const auth = await credentials(spec);
  return context.swarm.ask(`making service ${Name}`, async (api) => {
    const services = (await api.listServices({ filters: { name: [Name] } })) as unknown as LiveService[];
    const existing = services.find((candidate) => candidate.Spec.Name === Name);
    if (!existing) return (await api.createService(auth, spec as CreateServiceOptions)).id;
    if (changedPaths(canonicalServiceSpec(existing.Spec), canonicalServiceSpec(spec)).length > 0)
      throw nameTaken(Name);
    return existing.ID;
  });
}

/**
 * What the nodes log in to the image's registry with. It goes from the docker client's configuration straight to the
 * engine: not by resource inputs, so it is in no state and no plan, and other credentials are no difference.
 */
async function credentials({ TaskTemplate }: ServiceSpec): Promise<AuthConfig> {
  // That they cannot be had was told when the image's digest was asked for; its registry may not need any.
  const auth = await registryAuth(TaskTemplate.ContainerSpec.Image).catch(() => undefined);
  // The client's type does not say that it takes undefined, with which the engine keeps what it was given before.
  return auth as AuthConfig;
}

function nameTaken(name: string): SwarmctlError {
  return new SwarmctlError('conflict', `The swarm already has another service named ${name}.`, {
    hint: 'Take it over with `swarmctl adopt`, or give this one another name.',
  });
}

async function find(context: Context, id: string): Promise<LiveService | undefined> {
  const read = context.swarm.ask(`reading service ${id}`, (api) => api.getService(id).inspect());
  return (await unlessGone(read)) as LiveService | undefined;
}

/** Waits until the service runs as asked. When it does not, the state keeps what the swarm has now. */
async function converge(
  context: Context,
  id: string,
  inputs: ServiceInputs,
  change: ConvergenceOptions['change'],
  earlierFailures: ReadonlySet<string>,
): Promise<void> {
  try {
    await waitForConvergence(context.swarm, id, {
      name: inputs.spec.Name,
      deadlineMs: inputs.deadlineSeconds * 1000,
      change,
      earlierFailures,
      signal: context.signal,
      onProgress: context.progress,
    });
  } catch (error) {
    const live = isLost(error) ? undefined : await find(context, id).catch(() => undefined);
    const { deadlineSeconds } = inputs;
    const state = live && stateOf({ spec: canonicalServiceSpec(live.Spec), deadlineSeconds }, live);
    throw new HalfDoneError(id, state ?? inputs, error);
  }
}

/** The swarm was looked for in vain just now. */
function isLost(error: unknown): boolean {
  return error instanceof SwarmctlError && (error.code === 'unreachable' || error.code === 'no-quorum');
}
