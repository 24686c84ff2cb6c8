import { join } from 'node:path';
import type { FleetSettings } from '../../programs/fleet-settings.ts';
import { type Engine, openOuterEngine } from '../docker/engine.ts';
import { type ImageShelf, openImageShelf } from '../docker/image-shelf.ts';
import { orStateError } from '../engine/state-failure.ts';
import { openWorkspace, type Workspace } from '../engine/workspace.ts';
import type { Emit } from '../events.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { readSources, type SourcedContents, takeVariables } from '../sources/read-sources.ts';
import { withLock } from '../toolchain/lock.ts';
import type { Toolchain } from '../toolchain/toolchain.ts';
import type { StartedBuild } from './build.ts';
import { type FleetState, prepareState } from './fleet-state.ts';
import { type History, openHistory } from './history.ts';
import { readSettings, storeSettings } from './settings.ts';
import { targetOf } from './targets/target.ts';

/** What all clusters of one run share. */
export interface Run {
  fleet: Fleet;
  state: FleetState;
  workspace: Workspace;
  /** Names of the stacks that held anything when the run began. */
  existing: ReadonlySet<string>;
  settings: FleetSettings;
  /** Settled when the settings are in the state; to be awaited before anything is made that rests on them. */
  settingsStored: Promise<void>;
  /** IPv4 range of each cluster's machines. */
  subnets: ReadonlyMap<string, string>;
  toolchain: Toolchain;
  /** The engine of this machine. */
  outer: Engine;
  /** Its images. */
  images: ImageShelf;
  /** What was built in this run, or is being built. */
  builds: StartedBuild[];
  /** What the fleet file says where to find, read once: for all clusters it is the same. */
  contents(): Promise<SourcedContents>;
  /** What is written down of what this run changes. */
  history: History;
  signal: AbortSignal;
  emit: Emit;
}

export interface RunOptions {
  fleet: Fleet;
  /** The clusters that the run is about. */
  clusters: readonly Cluster[];
  toolchain: Toolchain;
  /** Whether what new clusters need may be written into the fleet's state. */
  writes: boolean;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  emit: Emit;
}

const settingsDeadlineMs = 60_000;

/** Opens the fleet's state and finds out what is there. */
export async function openRun(options: RunOptions): Promise<Run> {
  const { fleet, clusters, toolchain, signal, emit } = options;
  const variables = takeVariables(fleet, options.env);
  const state = await prepareState(fleet, options.env).catch((error: unknown) => {
    throw orStateError(error);
  });
  const outer = openOuterEngine();
  const images = openImageShelf(outer, join(state.folder, 'work', '.images'));
  const workspace = openWorkspace({
    project: fleet.name,
    folder: join(state.folder, 'work'),
    backend: state.backend,
    pulumi: toolchain.pulumi,
    pulumiHome: toolchain.pulumiHome,
    passphraseFile: state.passphraseFile,
    images: { engine: outer, shelf: images },
  });
  const [existing, subnets, { settings, settingsStored }] = await Promise.all([
    workspace.existing(),
    targetOf(fleet).subnets(fleet, clusters),
    loadSettings(workspace, state, options),
  ]);
  const { findWay } = targetOf(fleet);
  await Promise.all(clusters.map((cluster) => findWay?.({ fleet, settings, workspace, existing }, cluster)));
  return {
    fleet,
    state,
    workspace,
    existing,
    settings,
    settingsStored,
    subnets,
    toolchain,
    outer,
    images,
    builds: [],
    history: openHistory(state.folder, fleet.directory),
    contents: readOnce(() => readSources(fleet, { variables, signal }), emit),
    signal,
    emit,
  };
}

function readOnce(read: () => ReturnType<typeof readSources>, emit: Emit): () => Promise<SourcedContents> {
  let contents: Promise<SourcedContents> | undefined;
  return () => {
    contents ??= read().then(({ notes, ...found }) => {
      for (const message of notes) emit({ type: 'note', level: 'warning', message });
      return found;
    });
    return contents;
  };
}

/**
 * Two runs that both meet new clusters must not give out the same slots: what is missing is written under a lock. The
 * values are known before they are written, so that the previews need not wait.
 */
async function loadSettings(
  workspace: Workspace,
  state: FleetState,
  { clusters, writes, signal }: RunOptions,
): Promise<Pick<Run, 'settings' | 'settingsStored'>> {
  const { settings, isStored } = await readSettings(workspace, clusters);
  if (isStored || !writes) return { settings, settingsStored: Promise.resolve() };
  const { promise: known, resolve, reject } = Promise.withResolvers<FleetSettings>();
  const lock = { deadlineMs: settingsDeadlineMs, signal };
  const settingsStored = withLock(settingsLock(state), lock, async () => {
    const current = await readSettings(workspace, clusters);
    resolve(current.settings);
    if (!current.isStored) await storeSettings(workspace, current.settings, signal);
  });
  settingsStored.catch(reject);
  return { settings: await known, settingsStored };
}

/** Changes what the fleet's state keeps, while nobody else does. */
export async function changeSettings(
  { workspace, state, settingsStored, signal }: Run,
  change: (settings: FleetSettings) => FleetSettings,
): Promise<FleetSettings> {
  await settingsStored;
  return withLock(settingsLock(state), { deadlineMs: settingsDeadlineMs, signal }, async () => {
    const { settings } = await readSettings(workspace, []);
    const changed = change(settings);
    await storeSettings(workspace, changed, signal);
    return changed;
  });
}

function settingsLock({ folder }: FleetState): string {
  return join(folder, 'locks', 'fleet.settings');
}
