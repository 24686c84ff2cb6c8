import { localState } from '../src/docker/engine.ts';
import { SwarmctlError } from '../src/errors.ts';
import { changedPaths } from './changed-paths.ts';
import { type DaemonJson, managedSettings, mergeDaemonJson, parseDaemonJson } from './daemon-json.ts';
import { machineScript } from './machine-script.ts';
import { checkMember } from './membership.ts';
import { type Context, HalfDoneError, type Resource } from './resource.ts';
import { checkMayRestart, restartEngine } from './restart-engine.ts';
import { waitForEngine } from './swarm.ts';

export interface EngineInputs {
  endpoint: string;
  /** Version to install where there is no engine: a major or exact. */
  version: string;
  /** Settings of daemon.json, by its own keys; absent where nothing is installed and set up. */
  daemon?: DaemonJson;
  /** Whether an engine that was installed goes again, with all its data. */
  removeEngine: boolean;
}

interface EngineState extends EngineInputs {
  engineVersion: string;
}

const lookDeadlineMs = 30_000;
const leaveDeadlineMs = 60_000;
const installDeadlineMs = 15 * 60_000;
/** The oldest engine that swarmctl works with. */
const leastMajor = 25;

/** The engine of a machine that is there already. */
export const engine: Resource<EngineInputs, EngineState> = {
  // The version is that of engines to come: those that are there are not upgraded by the way.
  difference(state, inputs) {
    const { engineVersion: _found, version: _before, ...before } = state;
    const { version: _after, ...after } = inputs;
    return { changes: changedPaths(before, after), replaces: [] };
  },

  async create(context, inputs) {
    const { endpoint, daemon } = inputs;
    if (daemon) {
      // What refuses it is said before anything is touched; where there is an engine, it is only started.
      await look(context, endpoint);
      await install(context, inputs);
      await checkMembership(context, endpoint);
      await setDaemon(context, endpoint, {}, daemon);
    }
    await waitForEngine(context.engine(endpoint), context.signal);
    return { id: endpoint, state: { ...inputs, engineVersion: await engineVersion(context, endpoint) } };
  },

  async read(context, _id, state) {
    const { endpoint, daemon } = state;
    const found = daemon && (await look(context, endpoint).catch(unlessUnreachable));
    // Of a machine that is down nothing is known; that it is down is told of its node.
    if (!found)
      return { inputs: inputsOf(state), state: { ...inputsOf(state), engineVersion: state.engineVersion } };
    if (found.version === '') return undefined;
    const live = found.isRead ? managedSettings(found.daemon, daemon) : {};
    const inputs = { ...inputsOf(state), daemon: live };
    return { inputs, state: { ...inputs, engineVersion: found.version } };
  },

  async update(context, id, state, inputs) {
    const { endpoint, daemon } = inputs;
    if (daemon) {
      await setDaemon(context, endpoint, state.daemon ?? {}, daemon).catch((error: unknown) => {
        throw new HalfDoneError(id, state, error);
      });
    }
    return { ...inputs, engineVersion: await engineVersion(context, endpoint) };
  },

  async delete(context, _id, { endpoint, daemon, removeEngine }) {
    try {
      if (daemon && removeEngine) await remove(context, endpoint);
      else await leaveSwarm(context, endpoint);
    } catch (error) {
      if (!isUnreachable(error) || (daemon && (await isAlive(context, endpoint)))) throw error;
      context.progress('not reached, so left as it is');
    }
  },
};

/** One that was adopted has more in its state. */
function inputsOf({ endpoint, version, daemon, removeEngine }: EngineState): EngineInputs {
  return { endpoint, version, ...(daemon && { daemon }), removeEngine };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof SwarmctlError && ['unreachable', 'timeout'].includes(error.code);
}

/** @throws SwarmctlError `swarm-exists` for an engine that is in another swarm. */
async function checkMembership(context: Context, endpoint: string): Promise<void> {
  const engine = context.engine(endpoint);
  await waitForEngine(engine, context.signal);
  const info = await engine.ask('asking whether it is in a swarm', (api) => api.info());
  if (info.Swarm?.NodeID) await checkMember(context, info.Swarm.NodeID, endpoint);
}

function unlessNoEngine(error: unknown): undefined {
  if (!(error instanceof SwarmctlError && error.code === 'no-engine')) throw error;
}

/** For `catch`: undefined for a machine that does not answer. */
function unlessUnreachable(error: unknown): undefined {
  if (!isUnreachable(error)) throw error;
}

/** Whether the machine answers, whatever its engine does. */
async function isAlive(context: Context, endpoint: string): Promise<boolean> {
  const asking = runAsRoot(context, endpoint, {
    what: 'asking for it',
    script: ':',
    deadlineMs: lookDeadlineMs,
  });
  return asking.then(
    () => true,
    (error: unknown) => !isUnreachable(error),
  );
}

/** The last member to go takes the swarm with it. */
async function leaveSwarm(context: Context, endpoint: string): Promise<void> {
  const engine = context.engine(endpoint);
  const state = await localState(engine).catch(unlessNoEngine);
  if (state === undefined || state === 'inactive') return;
  await engine.ask('leaving the swarm', (api) => api.swarmLeave({ force: true }), leaveDeadlineMs);
}

/** An engine that is taken away need not leave its swarm first: nobody is left in it, or its node has left. */
async function remove(context: Context, endpoint: string): Promise<void> {
  context.progress('removing the engine');
  await runAsRoot(context, endpoint, {
    what: 'removing the engine',
    script: machineScript('remove-engine.sh'),
    deadlineMs: installDeadlineMs,
  });
}

async function engineVersion(context: Context, endpoint: string): Promise<string> {
  const { Version } = await context.engine(endpoint).ask('asking for its version', (api) => api.version());
  const [version = ''] = Version.split(/[+~-]/);
  if (Number(version.split('.')[0]) >= leastMajor) return version;
  throw new SwarmctlError(
    'node-failed',
    `The engine at ${endpoint} is ${Version}; ${leastMajor} is the oldest that swarmctl works with.`,
    {
      hint: 'Upgrade it on the machine, then run swarmctl up again.',
    },
  );
}

/** What is on a machine. */
interface Found {
  /** Empty where there is no engine. */
  version: string;
  daemon: DaemonJson;
  /** Whether the engine was restarted since swarmctl wrote that. */
  isRead: boolean;
}

/** Is there from writing daemon.json until the engine has read it; a restart of the machine takes it away. */
const unread = '/run/swarmctl-daemon-json-unread';

async function look(context: Context, endpoint: string): Promise<Found> {
  const said = await runAsRoot(context, endpoint, {
    what: 'looking at its engine',
    script: `dockerd --version 2>/dev/null || echo none
[ -e ${unread} ] && echo unread || echo read
cat /etc/docker/daemon.json 2>/dev/null || :`,
    deadlineMs: lookDeadlineMs,
  });
  const [first = '', second, ...rest] = said.split('\n');
  const version = /version ([\d.]+)/.exec(first)?.[1] ?? '';
  return { version, isRead: second === 'read', daemon: parseDaemonJson(rest.join('\n'), endpoint) };
}

async function install(context: Context, { endpoint, version, daemon = {} }: EngineInputs): Promise<void> {
  const variables = { ENGINE: version, DAEMON_JSON: JSON.stringify(daemon, undefined, 2) };
  await runAsRoot(context, endpoint, {
    what: 'installing the engine',
    script: machineScript('install-engine.sh', variables),
    deadlineMs: installDeadlineMs,
    onLine(line) {
      const [, told] = /^install-engine: (.*)/.exec(line) ?? [];
      if (told) context.progress(told);
    },
  });
}

/** Writes daemon.json where it says something else, and lets the engine read it. */
async function setDaemon(
  context: Context,
  endpoint: string,
  before: DaemonJson,
  wanted: DaemonJson,
): Promise<void> {
  const { daemon, isRead } = await look(context, endpoint);
  const merged = mergeDaemonJson(daemon, before, wanted);
  const isWritten = changedPaths(daemon, merged).length === 0;
  if (isWritten && isRead) return;
  await checkMayRestart(context, endpoint);
  if (!isWritten) await writeDaemonJson(context, endpoint, merged);
  await restartEngine(context, endpoint);
  await runAsRoot(context, endpoint, {
    what: 'settling',
    script: `rm -f ${unread}`,
    deadlineMs: lookDeadlineMs,
  });
}

/** Checked before it takes the place of the one that works. */
async function writeDaemonJson(context: Context, endpoint: string, settings: DaemonJson): Promise<void> {
  await runAsRoot(context, endpoint, {
    what: 'writing daemon.json',
    script: `set -e
umask 022
mkdir -p /etc/docker
new=/etc/docker/daemon.json.swarmctl
trap 'rm -f "$new"' EXIT
cat >"$new"
dockerd --validate --config-file="$new"
: >${unread}
mv "$new" /etc/docker/daemon.json`,
    input: `${JSON.stringify(settings, undefined, 2)}\n`,
    deadlineMs: lookDeadlineMs,
  });
}

interface RootScript {
  what: string;
  script: string;
  input?: string;
  deadlineMs: number;
  onLine?(line: string): void;
}

/** @throws SwarmctlError `node-failed` with what the script said last. */
async function runAsRoot(
  context: Context,
  endpoint: string,
  { script, ...options }: RootScript,
): Promise<string> {
  const { exitCode, stdout, stderr } = await context.shell(endpoint).run(script, {
    ...options,
    asRoot: true,
    signal: context.signal,
  });
  if (exitCode === 0) return stdout;
  const lines = (stderr.trim() || stdout.trim()).split('\n').slice(-6);
  const last = (lines.pop() ?? '').replace(/^[a-z]+-engine: /, '');
  throw new SwarmctlError('node-failed', `${options.what} on ${endpoint} failed: ${last}`, {
    details: lines,
  });
}
