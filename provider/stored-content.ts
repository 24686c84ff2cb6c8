import type Dockerode from 'dockerode';
import type { Driver } from '../src/docker/engine-spec.ts';
import { unlessGone } from '../src/docker/failure.ts';
import { changeInSequence } from '../src/docker/swarm.ts';
import { changedPaths } from './changed-paths.ts';
import { removeWhenReleased } from './release.ts';
import type { Resource } from './resource.ts';

/** The inputs of a config or a secret: content that the swarm stores under a name and hands to tasks. */
export interface ContentInputs {
  name: string;
  /** The content in base64. */
  data: string;
  labels: Record<string, string>;
  /** Of secrets: the plugin that gives the content. */
  driver?: Driver;
  /** Fills in the content as a template in each task. */
  templating?: Driver;
}

/** What the engine is sent. */
export interface ContentBody {
  Name: string;
  Labels: Record<string, string>;
  Data: string;
  Driver?: Driver;
  Templating?: Driver;
}

/** The calls in which configs and secrets differ. */
export interface ContentStore {
  kind: 'config' | 'secret';
  list(api: Dockerode, name: string): Promise<LiveContent[]>;
  inspect(api: Dockerode, id: string): Promise<LiveContent>;
  create(api: Dockerode, body: ContentBody): Promise<{ id: string }>;
  /** Sets what is not content. */
  update(api: Dockerode, id: string, version: number, body: Omit<ContentBody, 'Data'>): Promise<unknown>;
  remove(api: Dockerode, id: string): Promise<void>;
}

export interface LiveContent {
  ID: string;
  Version: { Index: number };
  Spec: Partial<ContentBody> & { Name: string };
}

/**
 * A resource of content that never changes under its name: the name carries a keyed hash of the content, so that
 * other content is another resource, and one that exists under the name already is the same.
 */
export function contentResource(store: ContentStore): Resource<ContentInputs, ContentInputs> {
  return {
    difference(state, inputs) {
      const changes = changedPaths(state, inputs);
      return { changes, replaces: changes.filter((path) => path.split('.')[0] !== 'labels') };
    },

    async create(context, inputs) {
      const body = bodyOf(inputs);
      const { Name } = body;
      const id = await context.swarm.ask(`making ${store.kind} ${Name}`, async (api) => {
        const existing = (await store.list(api, Name)).find(({ Spec }) => Spec.Name === Name);
        return existing?.ID ?? (await store.create(api, body)).id;
      });
      return { id, state: inputs };
    },

    async read(context, id, state) {
      const read = context.swarm.ask(`reading ${store.kind} ${state.name}`, (api) => store.inspect(api, id));
      const live = await unlessGone(read);
      if (!live) return undefined;
      const { Name: name, Labels: labels = {}, Data: data = state.data, Driver, Templating } = live.Spec;
      const inputs = { name, labels, data, ...drivers(Driver, Templating) };
      return { inputs, state: inputs };
    },

    async update(context, id, _state, inputs) {
      const { Data: _, ...body } = bodyOf(inputs);
      await changeInSequence(context.swarm, `updating ${store.kind} ${inputs.name}`, async (api) => {
        const { Version } = await store.inspect(api, id);
        await store.update(api, id, Version.Index, body);
      });
      return inputs;
    },

    delete: (context, id, state) =>
      removeWhenReleased(context, `${store.kind} ${state.name}`, (api) => store.remove(api, id)),
  };
}

function bodyOf({ name, labels, data, driver, templating }: ContentInputs): ContentBody {
  return {
    Name: name,
    Labels: labels,
    Data: data,
    ...(driver && { Driver: driver }),
    ...(templating && { Templating: templating }),
  };
}

function drivers(
  driver: Driver | null | undefined,
  templating: Driver | null | undefined,
): Pick<ContentInputs, 'driver' | 'templating'> {
  return { ...(driver && { driver }), ...(templating && { templating: { Name: templating.Name ?? '' } }) };
}
