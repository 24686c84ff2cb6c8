import type * as pulumi from '@pulumi/pulumi/provider/index.js';
import type { ImageSource } from '../src/docker/copy-images.ts';
import { outerEndpoint } from '../src/docker/endpoint.ts';
import { type Engine, openEngine } from '../src/docker/engine.ts';
import { openImageShelf } from '../src/docker/image-shelf.ts';
import { openSwarm } from '../src/docker/swarm.ts';
import { SwarmctlError } from '../src/errors.ts';
import type { Channel } from './channel.ts';
import { config } from './config.ts';
import { machineNetwork } from './machine-network.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { type Context, HalfDoneError, type Resource } from './resource.ts';
import { secret } from './secret.ts';
import { keepSecrets, unwrapSecrets } from './secrets.ts';
import { service } from './service.ts';
import { swarm as swarmResource } from './swarm.ts';

type Properties = Record<string, unknown>;
type AnyResource = Resource<Properties, Properties>;

const resources: Record<string, unknown> = {
  MachineNetwork: machineNetwork,
  Swarm: swarmResource,
  Node: node,
  Network: network,
  Config: config,
  Secret: secret,
  Service: service,
};

/**
 * The Pulumi provider of everything inside a swarm, and of the network that local machines stand in.
 * @param managers endpoints of the swarm's managers.
 * @param channelOf opens the way for messages about a resource.
 */
export function createProvider(
  managers: readonly string[],
  channelOf: (urn: string) => Channel,
): pulumi.Provider {
  const cancelled = new AbortController();
  const swarm = openSwarm(managers, { signal: cancelled.signal });
  const imageSources = openImageSources([outerEndpoint(), ...managers]);

  /** Runs one operation with a context of its own and tells of its failure. */
  const operate = async <T>(urn: string, work: (context: Context) => Promise<T>): Promise<T> => {
    const channel = channelOf(urn);
    const opened: Engine[] = [];
    try {
      return await work(contextOf({ swarm, imageSources, signal: cancelled.signal }, channel, opened));
    } catch (error) {
      await channel.failure(error instanceof HalfDoneError ? error.cause : error);
      throw error;
    } finally {
      for (const engine of opened) engine.close();
    }
  };

  return {
    version: '0.1.0',

    async diff(_id, urn, olds: Properties, news: Properties) {
      const { changes, replaces } = resourceOf(urn).difference(plain(olds), plain(news));
      // Names of what swarmctl makes are unique in a swarm: the old one has to go first.
      return { changes: changes.length > 0, replaces, deleteBeforeReplace: replaces.length > 0 };
    },

    create: (urn, inputs: Properties) =>
      operate(urn, async (context) => {
        if (typeof inputs.adopt === 'string') return takeOver(context, urn, inputs.adopt, inputs);
        const { id, state } = await resourceOf(urn).create(context, plain(inputs)).catch(marking(inputs));
        return { id, outs: keepSecrets(inputs, state) };
      }),

    read: (id, urn, olds: Properties) =>
      operate(urn, async (context) => {
        const found = await resourceOf(urn).read(context, id, plain(olds));
        if (!found) return { id: '', props: {} };
        return { id, props: keepSecrets(olds, found.state), inputs: keepSecrets(olds, found.inputs) };
      }),

    update: (id, urn, olds: Properties, news: Properties) =>
      operate(urn, async (context) => {
        const state = await resourceOf(urn)
          .update(context, id, plain(olds), plain(news))
          .catch(marking(news));
        return { outs: keepSecrets(news, state) };
      }),

    delete: (id, urn, olds: Properties) =>
      operate(urn, (context) => resourceOf(urn).delete(context, id, plain(olds))),

    async cancel() {
      cancelled.abort();
    },
  };
}

function contextOf(
  shared: Pick<Context, 'swarm' | 'imageSources' | 'signal'>,
  channel: Channel,
  opened: Engine[],
): Context {
  return {
    ...shared,
    progress: (text) => channel.progress(text),
    engine(endpoint) {
      const engine = openEngine(endpoint);
      opened.push(engine);
      return engine;
    },
  };
}

/** Opened when they are first asked for, and kept: an image is saved once for all nodes that get it. */
function openImageSources(endpoints: string[]): () => ImageSource[] {
  let sources: ImageSource[] | undefined;
  return () => {
    sources ??= endpoints.map((endpoint) => {
      const engine = openEngine(endpoint);
      return { engine, shelf: openImageShelf(engine) };
    });
    return sources;
  };
}

/**
 * Takes what the swarm has under an id into the state, as it is there. It is only read: whatever the program says
 * besides is what reading needs to know, or what the swarm does not tell, such as the content of a secret.
 */
async function takeOver(context: Context, urn: string, id: string, { adopt: _, ...known }: Properties) {
  const found = await resourceOf(urn).read(context, id, plain(known));
  if (!found)
    throw new SwarmctlError('not-found', `What was to be adopted is gone: ${urn.split('::').at(-1)}.`);
  return { id, outs: keepSecrets(known, found.state) };
}

/** Marks the secrets in what a half-done operation leaves in the state. */
function marking(inputs: Properties): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HalfDoneError)) throw error;
    throw new HalfDoneError(error.id, keepSecrets(inputs, error.properties as Properties), error.cause);
  };
}

function resourceOf(urn: string): AnyResource {
  const type = urn.split('::')[2]?.split(':').at(-1) ?? '';
  const resource = resources[type];
  if (!resource) throw new Error(`The swarm provider has no resource type ${type} (${urn}).`);
  return resource as AnyResource;
}

function plain(properties: Properties): Properties {
  return unwrapSecrets(properties) as Properties;
}
