import type { NetworkSpec } from '../src/docker/engine-spec.ts';
import { unlessGone } from '../src/docker/failure.ts';
import { SwarmctlError } from '../src/errors.ts';
import { changedPaths } from './changed-paths.ts';
import { removeWhenReleased } from './release.ts';
import type { Context, Resource } from './resource.ts';

export interface NetworkInputs {
  spec: NetworkSpec;
}

/** The engine writes the overlay's VXLAN numbers among the options that the user gave. */
const vxlanOption = 'com.docker.network.driver.overlay.vxlanid_list';

/** An overlay network of the swarm. The engine cannot change one: every change is a replacement. */
export const network: Resource<NetworkInputs, NetworkInputs> = {
  difference(state, inputs) {
    const changes = changedPaths(canonical(state.spec), canonical(inputs.spec)).map((path) => `spec.${path}`);
    return { changes, replaces: changes };
  },

  async create(context, { spec }) {
    const existing = await find(context, spec.Name);
    if (existing) {
      if (changedPaths(canonical(liveSpec(existing, spec)), canonical(spec)).length > 0)
        throw nameTaken(spec.Name);
      return { id: existing.Id, state: { spec } };
    }
    const created = await context.swarm.ask(`making network ${spec.Name}`, (api) =>
      api.createNetwork({ ...spec }),
    );
    return { id: created.id, state: { spec } };
  },

  async read(context, id, state) {
    const live = await find(context, id);
    if (!live) return undefined;
    const spec = liveSpec(live, state.spec);
    return { inputs: { spec }, state: { spec } };
  },

  async update(_context, _id, _state, inputs) {
    return inputs;
  },

  delete: (context, id, state) =>
    removeWhenReleased(context, `network ${state.spec.Name}`, (api) => api.getNetwork(id).remove()),
};

type LiveNetwork = NetworkSpec & { Id: string };
type Addressing = NonNullable<NetworkSpec['IPAM']>;

async function find(context: Context, idOrName: string): Promise<LiveNetwork | undefined> {
  const read = context.swarm.ask(`reading network ${idOrName}`, (api) => api.getNetwork(idOrName).inspect());
  return (await unlessGone(read)) as LiveNetwork | undefined;
}

/** The live network in the shape that was asked for; what the swarm chose by itself only counts when it was asked for. */
function liveSpec(live: LiveNetwork, asked: NetworkSpec): NetworkSpec {
  const { Name, Driver, Attachable, Internal, EnableIPv6, Labels } = live;
  const { [vxlanOption]: _, ...Options } = live.Options ?? {};
  return {
    Name,
    Driver,
    Labels: Labels ?? {},
    ...(Attachable && { Attachable }),
    ...(Internal && { Internal }),
    ...(EnableIPv6 && { EnableIPv6 }),
    ...(Object.keys(Options).length > 0 && { Options }),
    ...(asked.IPAM && live.IPAM && { IPAM: liveAddressing(live.IPAM, asked.IPAM) }),
  };
}

/** The swarm adds a gateway to each range, and a range where none was asked for. */
function liveAddressing({ Driver, Config }: Addressing, asked: Addressing): Addressing {
  const ranges = asked.Config ? { Config: (Config ?? []).map(({ Subnet }) => ({ Subnet })) } : {};
  return { ...(Driver !== undefined && { Driver }), ...ranges };
}

function canonical(spec: NetworkSpec): NetworkSpec {
  const {
    Attachable = false,
    Internal = false,
    EnableIPv6 = false,
    Labels = {},
    Options = {},
    IPAM,
    ...rest
  } = spec;
  const addressing = IPAM ? { IPAM: { Driver: IPAM.Driver ?? 'default', Config: IPAM.Config ?? [] } } : {};
  return { ...rest, Attachable, Internal, EnableIPv6, Labels, Options, ...addressing };
}

function nameTaken(name: string): SwarmctlError {
  return new SwarmctlError('conflict', `The swarm already has another network named ${name}.`, {
    hint: 'Take it over with `swarmctl adopt`, or name it as `external` in the compose file.',
  });
}
