import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LocalWorkspace,
  type ProjectSettings,
  type PulumiFn,
  Stack as PulumiStack,
  StackAlreadyExistsError,
  StackNotFoundError,
} from '@pulumi/pulumi/automation/index.js';
import { createProvider, type ProviderListener } from '../../provider/provider.ts';
import { serveProvider } from '../../provider/server.ts';
import type { ImageSource } from '../docker/copy-images.ts';
import type { Swarm } from '../docker/swarm.ts';
import { engineError } from './failure.ts';
import { pendingOperations } from './pending.ts';
import { removePlans } from './plan-files.ts';
import { detachedPulumi, type PulumiCli } from './run-pulumi.ts';
import { type Stack, type StackParts, wrapStack } from './stack.ts';
import { stateError } from './state-failure.ts';
import { damagedFiles, readSnapshot, readSnapshots, removeBrokenLocks } from './state-files.ts';
import { lockHolders } from './state-locks.ts';

export interface WorkspaceOptions {
  /** Name of the Pulumi project: the fleet's. */
  project: string;
  /** Folder for the engine's working files, private to the user. */
  folder: string;
  /** Pulumi backend URL, such as `file:///home/me/shop/.swarmctl/state`. */
  backend: string;
  pulumi: PulumiCli;
  /** The engine's own folder for plugins and credentials; undefined for the user's. */
  pulumiHome: string | undefined;
  /** File with the passphrase of the secrets in the state; undefined when the environment brings one. */
  passphraseFile: string | undefined;
  /** This machine's engine, for the provider. */
  images: ImageSource;
}

export interface StackOptions {
  name: string;
  program: PulumiFn;
  /** The swarm that the stack is about, for the provider; it stays open. */
  swarm: Swarm;
}

/** All stacks of a fleet. */
export interface Workspace {
  /** Names of the stacks that hold resources. */
  existing(): Promise<Set<string>>;
  /** The stack, made when it is not there yet. */
  open(options: StackOptions): Promise<Stack>;
  /** Removes the update plans that this run, or one that was killed, had made for a stack. */
  removePlans(name: string): Promise<void>;
  /** The outputs of a stack by name, secret ones in plain text; undefined when there is no such stack. */
  outputs(name: string): Promise<Record<string, unknown> | undefined>;
}

/** Opens the workspace of a fleet; the Pulumi engine runs for the first time when a stack is asked for. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const pulumiCommand = detachedPulumi(options.pulumi);
  /** Stacks that are there, as far as this run has seen. */
  const known = new Set<string>();

  const prepare = async (folder: string, program: PulumiFn) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const envVars = environment(options);
    return LocalWorkspace.create({
      workDir: folder,
      program,
      projectSettings: project(options),
      pulumiCommand,
      envVars,
    });
  };

  /** Failures of what no operation of a stack stands for. */
  const opening = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const damaged = await damagedFiles(options.backend, options.project);
      const state = error instanceof Error ? stateError(error.message, error, damaged) : undefined;
      throw state ?? engineError(error, { reported: [], diagnosed: [] }, 'Opening the state');
    }
  };

  const askForCounts = async () => {
    const workspace = await prepare(join(options.folder, '.list'), async () => {});
    return workspace.listStacks();
  };

  return {
    async existing() {
      const stacks = (await countInFiles(options)) ?? (await opening(askForCounts));
      for (const { name } of stacks) known.add(name);
      return new Set(stacks.filter(({ resourceCount = 0 }) => resourceCount > 0).map(({ name }) => name));
    },

    async open({ name, program, swarm }) {
      const folder = join(options.folder, name);
      const stack = await opening(async () => {
        const workspace = await prepare(folder, program);
        if (known.has(name)) await keepSalt(options, name, workspace);
        return known.has(name) ? selectKnown(name, workspace) : createStack(name, workspace);
      });
      known.add(name);
      const holders = () => lockHolders(options.backend, options.project, name);
      const pending = () => pendingOperations(options.backend, options.project, name);
      const removeBroken = () => removeBrokenLocks(options.backend, options.project, name);
      const provide = providing(stack.workspace.envVars, swarm, options.images);
      return wrapStack({
        stack,
        program,
        provide,
        folder,
        holders,
        pending,
        removeBrokenLocks: removeBroken,
      });
    },

    removePlans: (name) => removePlans(join(options.folder, name)),

    async outputs(name) {
      const folder = join(options.folder, name);
      const args = ['stack', 'output', '--json', '--show-secrets', '--stack', name];
      const result = await opening(async () => {
        const { envVars } = await prepare(folder, async () => {});
        return pulumiCommand.run(args, folder, envVars).catch(unlessMissing);
      });
      return result && (JSON.parse(result.stdout) as Record<string, unknown>);
    },
  };
}

/** How many resources each stack has, where that stands in files. */
async function countInFiles({ backend, project }: WorkspaceOptions) {
  const stacks = await readSnapshots(backend, project);
  return (
    stacks && [...stacks].map(([name, { resources = [] }]) => ({ name, resourceCount: resources.length }))
  );
}

/**
 * Tells Pulumi that the settings of a stack, which hold nothing, are encrypted as its state is. Without that it derives
 * a second key from the passphrase each time, which takes as long as all the rest of a comparison.
 */
async function keepSalt(
  { backend, project }: WorkspaceOptions,
  name: string,
  workspace: LocalWorkspace,
): Promise<void> {
  const encryptionSalt = (await readSnapshot(backend, project, name))?.secrets_providers?.state?.salt;
  if (encryptionSalt) await workspace.saveStackSettings(name, { encryptionSalt });
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof StackNotFoundError)) throw error;
}

/** Every command names its stack, so what the SDK does to select one would only start another process. */
function selectKnown(name: string, workspace: LocalWorkspace): Promise<PulumiStack> {
  return PulumiStack.select(name, Object.assign(workspace, { selectStack: async () => {} }));
}

/** Made without looking for it first: another run may have made it in the meantime, which comes to the same. */
function createStack(name: string, workspace: LocalWorkspace): Promise<PulumiStack> {
  return PulumiStack.create(name, workspace).catch((error: unknown) => {
    if (error instanceof StackAlreadyExistsError) return selectKnown(name, workspace);
    throw error;
  });
}

/**
 * Growth of the heap, in percent, before Go collects garbage (its default is 100). Pulumi's processes live for seconds:
 * collecting less often saves an eighth of their processor time and costs some 100 MiB each.
 * https://go.dev/doc/gc-guide#GOGC
 */
const garbageGrowth = '400';

function project(options: WorkspaceOptions): ProjectSettings {
  const { project: name, folder, backend } = options;
  return { name, runtime: 'nodejs', main: folder, backend: { url: backend } };
}

function environment({ pulumiHome, passphraseFile }: WorkspaceOptions): Record<string, string> {
  return {
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    ...(process.env.GOGC === undefined && { GOGC: garbageGrowth }),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }),
    ...(passphraseFile === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile }),
  };
}

/** Serves our provider to the engine that is started with these variables. */
function providing(
  envVars: Record<string, string>,
  swarm: Swarm,
  images: ImageSource,
): StackParts['provide'] {
  return async (listener: ProviderListener, operation) => {
    const provider = createProvider({ swarm, images, listener });
    const served = await serveProvider(provider);
    envVars.PULUMI_DEBUG_PROVIDERS = [process.env.PULUMI_DEBUG_PROVIDERS, `swarm:${served.port}`]
      .filter(Boolean)
      .join(',');
    try {
      return await operation();
    } finally {
      provider.close();
      served.close();
    }
  };
}
