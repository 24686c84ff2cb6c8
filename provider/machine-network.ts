import type Dockerode from 'dockerode';
import { outerEndpoint } from '../src/docker/endpoint.ts';
import { unlessGone } from '../src/docker/failure.ts';
import { SwarmctlError } from '../src/errors.ts';
import { changedPaths } from './changed-paths.ts';
import type { Context, Resource } from './resource.ts';

export interface MachineNetworkInputs {
  name: string;
  /** IPv4 range in CIDR form. */
  subnet: string;
  labels: Record<string, string>;
}

/**
 * The network of a cluster's local machines, on the engine that they run on. @pulumi/docker has one as well, but waits
 * two seconds each time that it makes or reads one.
 */
export const machineNetwork: Resource<MachineNetworkInputs, MachineNetworkInputs> = {
  difference(state, inputs) {
    const changes = changedPaths(state, inputs);
    return { changes, replaces: changes };
  },

  async create(context, inputs) {
    const { name, subnet, labels } = inputs;
    const existing = await find(context, name);
    if (existing) return { id: existing.Id, state: own(existing, inputs) };
    const IPAM = { Driver: 'default', Config: [{ Subnet: subnet }] };
    const created = await ask(context, `making network ${name}`, (api) =>
      api.createNetwork({ Name: name, Driver: 'bridge', IPAM, Labels: labels }),
    ).catch((error: unknown) => {
      throw error instanceof SwarmctlError && error.code === 'conflict' ? rangeTaken(subnet, error) : error;
    });
    return { id: created.id, state: inputs };
  },

  async read(context, id) {
    const live = await find(context, id);
    if (!live) return undefined;
    const inputs = inputsOf(live);
    return { inputs, state: inputs };
  },

  async update(_context, _id, _state, inputs) {
    return inputs;
  },

  async delete(context, id, { name }) {
    await unlessGone(ask(context, `removing network ${name}`, (api) => api.getNetwork(id).remove()));
  },
};

type LiveNetwork = Dockerode.NetworkInspectInfo;

function ask<T>(context: Context, what: string, question: (api: Dockerode) => Promise<T>): Promise<T> {
  return context.engine(outerEndpoint()).ask(what, question);
}

async function find(context: Context, idOrName: string): Promise<LiveNetwork | undefined> {
  return unlessGone(ask(context, `reading network ${idOrName}`, (api) => api.getNetwork(idOrName).inspect()));
}

function inputsOf({ Name, IPAM, Labels }: LiveNetwork): MachineNetworkInputs {
  return { name: Name, subnet: IPAM?.Config?.[0]?.Subnet ?? '', labels: Labels ?? {} };
}

/** One that a run which was cut off has made is the same in everything. */
function own(existing: LiveNetwork, inputs: MachineNetworkInputs): MachineNetworkInputs {
  if (changedPaths(inputsOf(existing), inputs).length === 0) return inputs;
  throw new SwarmctlError('conflict', `This machine already has another network named ${inputs.name}.`, {
    hint: `Remove it with \`docker network rm ${inputs.name}\`, or give the fleet another name.`,
  });
}

/** The range was free when the run began. */
function rangeTaken(subnet: string, cause: SwarmctlError): SwarmctlError {
  return new SwarmctlError('conflict', `Another network has taken the address range ${subnet} just now.`, {
    hint: 'Run swarmctl up again: it chooses another range.',
    cause,
  });
}
