import type Dockerode from 'dockerode';
import { SwarmctlError } from '../src/errors.ts';
import { changedPaths } from './changed-paths.ts';
import { removeWhenReleased } from './release.ts';
import type { Resource } from './resource.ts';

/** The inputs of a config or a secret: content that the swarm stores under a name and hands to tasks. */
export interface ContentInputs {
  name: string;
  /** The content in base64. */
  data: string;
  labels: Record<string, string>;
}

/** The calls in which configs and secrets differ. */
export interface ContentStore {
  kind: 'config' | 'secret';
  list(api: Dockerode, name: string): Promise<LiveContent[]>;
  inspect(api: Dockerode, id: string): Promise<LiveContent>;
  create(
    api: Dockerode,
    body: { Name: string; Labels: Record<string, string>; Data: string },
  ): Promise<{ id: string }>;
  remove(api: Dockerode, id: string): Promise<void>;
}

export interface LiveContent {
  ID: string;
  Spec: { Name: string; Labels?: Record<string, string>; Data?: string };
}

/**
 * A resource of content that never changes under its name: the name carries a keyed hash of the content, so that
 * other content is another resource, and one that exists under the name already is the same.
 */
export function contentResource(store: ContentStore): Resource<ContentInputs, ContentInputs> {
  return {
    difference(state, inputs) {
      const changes = changedPaths(state, inputs);
      return { changes, replaces: changes };
    },

    async create(context, inputs) {
      const { name: Name, labels: Labels, data: Data } = inputs;
      const id = await context.swarm.ask(`making ${store.kind} ${Name}`, async (api) => {
        const existing = (await store.list(api, Name)).find(({ Spec }) => Spec.Name === Name);
        return existing?.ID ?? (await store.create(api, { Name, Labels, Data })).id;
      });
      return { id, state: inputs };
    },

    async read(context, id, state) {
      try {
        const live = await context.swarm.ask(`reading ${store.kind} ${state.name}`, (api) =>
          store.inspect(api, id),
        );
        const { Name: name, Labels: labels = {}, Data: data = state.data } = live.Spec;
        const inputs = { name, labels, data };
        return { inputs, state: inputs };
      } catch (error) {
        if (error instanceof SwarmctlError && error.code === 'not-found') return undefined;
        throw error;
      }
    },

    async update(_context, _id, _state, inputs) {
      return inputs;
    },

    delete: (context, id, state) =>
      removeWhenReleased(context, `${store.kind} ${state.name}`, (api) => store.remove(api, id)),
  };
}
