import { createHash } from 'node:crypto';
import { waitUntil } from '../src/docker/deadline.ts';
import type { Engine } from '../src/docker/engine.ts';
import { changeInSequence } from '../src/docker/swarm.ts';
import { readUnlockKey } from '../src/docker/unlock.ts';
import { SwarmctlError } from '../src/errors.ts';
import { resolveAddresses } from './addresses.ts';
import { changedPaths } from './changed-paths.ts';
import type { Context, Resource } from './resource.ts';

export interface SwarmInputs {
  /** Endpoint of the engine that the swarm starts on. */
  endpoint: string;
  /** How the others reach that manager, with no port: an address, an interface or a CIDR range; empty: found out. */
  advertiseAddress: string;
  /** The same for the traffic of overlay networks; absent: as `advertiseAddress`. */
  dataPathAddress?: string;
  /** Who manages the swarm; with these a swarm whose creation was cut off is recognised. */
  labels: Record<string, string>;
  /** CIDR ranges that overlay networks get their subnets from; cannot be changed later. */
  addressPool: string[];
  /** Prefix length of those subnets, such as 24; cannot be changed later. */
  subnetSize: number;
  /** How many old tasks the swarm keeps for each slot. */
  taskHistoryLimit: number;
  /** Seconds between two heartbeats of a node. */
  heartbeatSeconds: number;
  /** Days that a node's certificate is valid for. */
  certificateDays: number;
  /** Whether managers keep their keys locked until they are unlocked after a restart. */
  autolock: boolean;
}

interface SwarmState extends SwarmInputs, Partial<UnlockKeys> {
  swarmId: string;
}

/** Absent where the swarm never had autolock. */
interface UnlockKeys {
  /** Secret. The newest first: a manager that was down while the key was changed asks for the one before. */
  unlockKeys: string[];
  /** A hash of the newest, by which it is seen that somebody has changed it. */
  unlockKeyId: string;
}

/** The swarm's settings as the Engine API gives them, as far as they are used here. */
interface SwarmSpec {
  Labels?: Record<string, string> | null;
  Orchestration?: { TaskHistoryRetentionLimit?: number };
  Dispatcher?: { HeartbeatPeriod?: number };
  CAConfig?: { NodeCertExpiry?: number };
  EncryptionConfig?: { AutoLockManagers?: boolean };
}

/** What of the live swarm the resource is about, as the Engine API gives it. */
interface LiveSwarm {
  ID: string;
  Version: { Index: number };
  Spec: SwarmSpec;
  DefaultAddrPool: string[];
  SubnetSize: number;
}

/** How long an engine that was just started has to answer, in milliseconds. */
const engineStartMs = 60_000;
const nanoseconds = 1_000_000_000;
const daysInNanoseconds = 24 * 3600 * nanoseconds;

/** A Docker Swarm: made by `init` on its first manager, which becomes its first node. */
export const swarm: Resource<SwarmInputs, SwarmState> = {
  secrets: ['unlockKeys'],

  difference(state, inputs) {
    const changes = changedPaths(settingsOf(state), settingsOf(inputs));
    return { changes, replaces: changes.filter((path) => /^(addressPool|subnetSize)/.test(path)) };
  },

  async create(context, inputs) {
    const engine = context.engine(inputs.endpoint);
    await waitForEngine(engine, context.signal);
    const info = await engine.ask('asking whether it is in a swarm', (api) => api.info());
    if (info.Swarm?.LocalNodeState === 'inactive') await init(context, engine, inputs);
    const live = await inspect(context);
    if (changedPaths(inputs.labels, live.Spec.Labels ?? {}).length > 0) throw foreignSwarm(inputs.endpoint);
    return { id: live.ID, state: { ...inputs, swarmId: live.ID, ...(await keysOf(context, inputs)) } };
  },

  async read(context, _id, state) {
    const live = await inspect(context);
    const { endpoint, advertiseAddress, dataPathAddress } = state;
    const own = { endpoint, advertiseAddress, ...(dataPathAddress !== undefined && { dataPathAddress }) };
    const inputs = { ...settingsFrom(live), ...own };
    return { inputs, state: { ...inputs, swarmId: live.ID, ...(await keysOf(context, inputs, state)) } };
  },

  async update(context, _id, state, inputs) {
    await changeInSequence(context.swarm, 'updating the swarm', async (api) => {
      const live = (await api.swarmInspect()) as unknown as LiveSwarm;
      await api.swarmUpdate({ version: live.Version.Index, ...specOf(inputs, live.Spec) });
    });
    return { ...inputs, swarmId: state.swarmId, ...(await keysOf(context, inputs, state)) };
  },

  async delete(context, _id, state) {
    const engine = context.engine(state.endpoint);
    await engine.ask('leaving the swarm', (api) => api.swarmLeave({ force: true }));
  },
};

/** Waits until an engine that is starting answers. */
export async function waitForEngine(engine: Engine, signal: AbortSignal): Promise<void> {
  let refusal = '';
  await waitUntil(
    `The start of the engine at ${engine.endpoint}`,
    async () => {
      try {
        await engine.ask('waiting for it', (api) => api.ping(), 5_000);
        return true;
      } catch (error) {
        refusal = error instanceof Error ? error.message : String(error);
        return undefined;
      }
    },
    { deadlineMs: engineStartMs, intervalMs: 50, signal, describe: () => refusal },
  );
}

async function init(context: Context, engine: Engine, inputs: SwarmInputs): Promise<void> {
  const addresses = await resolveAddresses(context, inputs);
  await engine.ask(
    'starting a swarm',
    (api) =>
      api.swarmInit({
        ...addresses,
        DefaultAddrPool: inputs.addressPool,
        SubnetSize: inputs.subnetSize,
        Spec: specOf(inputs, {}),
      }),
    60_000,
  );
}

async function inspect(context: Context): Promise<LiveSwarm> {
  return (await context.swarm.ask('reading the swarm', (api) => api.swarmInspect())) as unknown as LiveSwarm;
}

/** How many keys are kept: so often it may be changed while a manager is down. */
const keptKeys = 5;

/** The key that the managers have now, before those that they had. Those stay when autolock is switched off. */
async function keysOf(
  { swarm }: Context,
  { autolock }: SwarmInputs,
  { unlockKeys: known = [] }: Partial<UnlockKeys> = {},
): Promise<Partial<UnlockKeys>> {
  const current = autolock ? [await swarm.ask('reading the unlock key', readUnlockKey)] : [];
  const unlockKeys = [...new Set([...current, ...known])].slice(0, keptKeys);
  const [newest] = unlockKeys;
  if (newest === undefined) return {};
  // Nobody guesses 256 random bits: the hash gives nothing away.
  const unlockKeyId = createHash('sha256').update(newest).digest('hex').slice(0, 16);
  return { unlockKeys, unlockKeyId };
}

/** The swarm's spec with our settings; what we do not manage stays as it is. */
function specOf(inputs: SwarmInputs, live: SwarmSpec): SwarmSpec & { Name: string } {
  return {
    ...live,
    Name: 'default',
    Labels: inputs.labels,
    Orchestration: { ...live.Orchestration, TaskHistoryRetentionLimit: inputs.taskHistoryLimit },
    Dispatcher: { ...live.Dispatcher, HeartbeatPeriod: inputs.heartbeatSeconds * nanoseconds },
    CAConfig: { ...live.CAConfig, NodeCertExpiry: inputs.certificateDays * daysInNanoseconds },
    EncryptionConfig: { AutoLockManagers: inputs.autolock },
  };
}

/** The swarm's own settings: on which machine it was started does not matter afterwards. */
type Settings = Omit<SwarmInputs, 'endpoint' | 'advertiseAddress' | 'dataPathAddress'>;

function settingsOf(inputs: SwarmInputs & Partial<SwarmState>): Settings {
  const { swarmId, unlockKeys, unlockKeyId, endpoint, advertiseAddress, dataPathAddress, ...settings } =
    inputs;
  return settings;
}

function settingsFrom(live: LiveSwarm): Settings {
  const { Labels, Orchestration, Dispatcher, CAConfig, EncryptionConfig } = live.Spec;
  return {
    labels: Labels ?? {},
    addressPool: live.DefaultAddrPool,
    subnetSize: live.SubnetSize,
    taskHistoryLimit: Orchestration?.TaskHistoryRetentionLimit ?? 0,
    heartbeatSeconds: (Dispatcher?.HeartbeatPeriod ?? 0) / nanoseconds,
    certificateDays: (CAConfig?.NodeCertExpiry ?? 0) / daysInNanoseconds,
    autolock: EncryptionConfig?.AutoLockManagers ?? false,
  };
}

function foreignSwarm(endpoint: string): SwarmctlError {
  return new SwarmctlError(
    'swarm-exists',
    `The engine at ${endpoint} is in a swarm that swarmctl did not make.`,
    {
      hint: 'Take the machine out of that swarm with `docker swarm leave`, or leave it out of the fleet file.',
    },
  );
}
