import type { ImageSource } from '../src/docker/copy-images.ts';
import { openEngine } from '../src/docker/engine.ts';
import { openImageShelf } from '../src/docker/image-shelf.ts';
import { openShell } from '../src/docker/shell.ts';
import type { Swarm } from '../src/docker/swarm.ts';
import { SwarmctlError } from '../src/errors.ts';
import { arrival } from './arrival.ts';
import { config } from './config.ts';
import { engine } from './engine.ts';
import { machineNetwork } from './machine-network.ts';
import { createManagerTurns } from './manager-turns.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { portCheck } from './port-check.ts';
import { type Context, HalfDoneError, type Resource } from './resource.ts';
import { createRoll } from './roll.ts';
import { secret } from './secret.ts';
import { keepSecrets, unwrapSecrets, wrapSecret } from './secrets.ts';
import type { ProviderOperations } from './server.ts';
import { service } from './service.ts';
import { swarm as swarmResource } from './swarm.ts';

type Properties = Record<string, unknown>;
type AnyResource = Resource<Properties, Properties>;

const resources: Record<string, unknown> = {
  Arrival: arrival,
  MachineNetwork: machineNetwork,
  Engine: engine,
  PortCheck: portCheck,
  Swarm: swarmResource,
  Node: node,
  Network: network,
  Config: config,
  Secret: secret,
  Service: service,
};

/** Is told what happens to the resources, beside what Pulumi learns of it. */
export interface ProviderListener {
  progress(urn: string, text: string): void;
  failure(urn: string, error: unknown): void;
}

export interface ProviderOptions {
  /** The swarm that the stack is about; it stays open, and learns of managers from the resources. */
  swarm: Swarm;
  /** This machine's engine, which may have the images of services. */
  images: ImageSource;
  listener: ProviderListener;
}

export interface SwarmProvider extends ProviderOperations {
  /** Ends what is still going on, and the connections that it made. */
  close(): void;
}

/** The Pulumi provider of everything inside a swarm, and of the network that local machines stand in. */
export function createProvider({ swarm, images, listener }: ProviderOptions): SwarmProvider {
  const cancelled = new AbortController();
  const managerImages = openImageSources(swarm.endpoints);
  const learn = (urn: string, properties: Properties) => {
    const endpoint = managerEndpoint(urn, properties);
    if (endpoint !== undefined) swarm.learn(endpoint);
  };
  const shared = {
    swarm,
    imageSources: () => [images, ...managerImages.all()],
    roll: createRoll(),
    managerTurn: createManagerTurns(cancelled.signal),
    signal: cancelled.signal,
  };

  /** Runs one operation with a context of its own and tells of its failure. */
  const operate = async <T>(urn: string, work: (context: Context) => Promise<T>): Promise<T> => {
    const opened: { close(): void }[] = [];
    try {
      return await work(contextOf(shared, (text) => listener.progress(urn, text), opened));
    } catch (error) {
      listener.failure(urn, error instanceof HalfDoneError ? error.cause : error);
      throw error;
    } finally {
      for (const one of opened) one.close();
    }
  };

  return {
    diff: (urn, state, inputs) => resourceOf(urn).difference(plain(state), plain(inputs)),

    create: (urn, inputs) =>
      operate(urn, async (context) => {
        learn(urn, inputs);
        if (typeof inputs.adopt === 'string') return takeOver(context, urn, inputs.adopt, inputs);
        const { id, state } = await resourceOf(urn)
          .create(context, plain(inputs))
          .catch(marking(urn, inputs));
        return { id, state: seal(urn, inputs, state) };
      }),

    read: (urn, id, state) =>
      operate(urn, async (context) => {
        learn(urn, state);
        const found = await unlessSwarmGone(resourceOf(urn).read(context, id, plain(state)));
        return found && { state: seal(urn, state, found.state), inputs: keepSecrets(state, found.inputs) };
      }),

    update: (urn, id, state, inputs) =>
      operate(urn, async (context) => {
        learn(urn, inputs);
        const updated = await resourceOf(urn)
          .update(context, id, plain(state), plain(inputs))
          .catch(marking(urn, inputs));
        return seal(urn, inputs, updated);
      }),

    delete: (urn, id, state) =>
      operate(urn, (context) => {
        learn(urn, state);
        return resourceOf(urn).delete(context, id, plain(state));
      }),

    cancel: () => cancelled.abort(),

    close() {
      cancelled.abort();
      managerImages.close();
    },
  };
}

function contextOf(
  shared: Pick<Context, 'swarm' | 'imageSources' | 'managerTurn' | 'roll' | 'signal'>,
  progress: (text: string) => void,
  opened: { close(): void }[],
): Context {
  const keep = <T extends { close(): void }>(one: T) => {
    opened.push(one);
    return one;
  };
  return {
    ...shared,
    progress,
    engine: (endpoint) => keep(openEngine(endpoint)),
    shell: (endpoint) => keep(openShell(endpoint)),
  };
}

/** Opened when they are first asked for, and kept: an image is saved once for all nodes that get it. */
function openImageSources(endpoints: readonly string[]) {
  let sources: ImageSource[] = [];
  return {
    all() {
      if (sources.length === 0)
        sources = endpoints.map((endpoint) => {
          const engine = openEngine(endpoint);
          return { engine, shelf: openImageShelf(engine) };
        });
      return sources;
    },
    close() {
      for (const { engine } of sources) engine.close();
    },
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
  return { id, state: seal(urn, known, found.state) };
}

/** What was in a swarm is gone with it: every manager's engine answered that it is in none. */
async function unlessSwarmGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'no-swarm') return undefined;
    throw error;
  }
}

/** Marks the secrets in what a half-done operation leaves in the state. */
function marking(urn: string, inputs: Properties): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HalfDoneError)) throw error;
    throw new HalfDoneError(error.id, seal(urn, inputs, error.properties as Properties), error.cause);
  };
}

/** Marks as secret in a state what `given` has as such, and what the type of the resource always has. */
function seal(urn: string, given: Properties, state: Properties): Properties {
  const always = (resourceOf(urn).secrets ?? []).map((key) => [key, wrapSecret('')]);
  return keepSecrets({ ...given, ...Object.fromEntries(always) }, state);
}

/** Of a resource that is a manager, or that stands on one: not all machines are known before they are made. */
function managerEndpoint(urn: string, { endpoint, role }: Properties): string | undefined {
  const isManager = typeOf(urn) === 'Swarm' || (typeOf(urn) === 'Node' && role === 'manager');
  return isManager && typeof endpoint === 'string' ? endpoint : undefined;
}

function typeOf(urn: string): string {
  return urn.split('::')[2]?.split(':').at(-1) ?? '';
}

function resourceOf(urn: string): AnyResource {
  const type = typeOf(urn);
  const resource = resources[type];
  if (!resource) throw new Error(`The swarm provider has no resource type ${type} (${urn}).`);
  return resource as AnyResource;
}

function plain(properties: Properties): Properties {
  return unwrapSecrets(properties) as Properties;
}
