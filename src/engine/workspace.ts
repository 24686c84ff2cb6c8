import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LocalWorkspace,
  type ProjectSettings,
  type PulumiFn,
  Stack as PulumiStack,
} from '@pulumi/pulumi/automation/index.js';
import { packageRoot } from '../package-root.ts';
import { detachedPulumi } from './run-pulumi.ts';
import { type Stack, wrapStack } from './stack.ts';
import { lockHolders } from './state-locks.ts';

export interface WorkspaceOptions {
  /** Name of the Pulumi project: the fleet's. */
  project: string;
  /** Folder for the engine's working files, private to the user. */
  folder: string;
  /** Pulumi backend URL, such as `file:///home/me/shop/.swarmctl/state`. */
  backend: string;
  /** Folder whose `bin/pulumi` is the CLI; undefined for the one on PATH. */
  pulumiRoot: string | undefined;
  /** The engine's own folder for plugins and credentials; undefined for the user's. */
  pulumiHome: string | undefined;
  /** File with the passphrase of the secrets in the state; undefined when the environment brings one. */
  passphraseFile: string | undefined;
}

export interface StackOptions {
  name: string;
  program: PulumiFn;
  /** Endpoints of the swarm's managers, for the provider. */
  managers: readonly string[];
}

/** All stacks of a fleet. */
export interface Workspace {
  /** Names of the stacks that hold resources. */
  existing(): Promise<Set<string>>;
  /** The stack, made when it is not there yet. */
  open(options: StackOptions): Promise<Stack>;
}

/** Opens the workspace of a fleet; the Pulumi engine runs for the first time when a stack is asked for. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const pulumiCommand = await detachedPulumi(options.pulumiRoot);

  const prepare = async (folder: string, program: PulumiFn, managers: readonly string[]) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const envVars = environment(options, managers);
    return LocalWorkspace.create({
      workDir: folder,
      program,
      projectSettings: project(options),
      pulumiCommand,
      envVars,
    });
  };

  return {
    async existing() {
      const workspace = await prepare(join(options.folder, '.list'), async () => {}, []);
      const stacks = await workspace.listStacks();
      return new Set(stacks.filter(({ resourceCount = 0 }) => resourceCount > 0).map(({ name }) => name));
    },

    async open({ name, program, managers }) {
      const folder = join(options.folder, name);
      const workspace = await prepare(folder, program, managers);
      const stack = await PulumiStack.createOrSelect(name, workspace);
      const holders = () => lockHolders(options.backend, options.project, name);
      return wrapStack({ stack, program, folder, holders });
    },
  };
}

function project(options: WorkspaceOptions): ProjectSettings {
  // The engine reads `plugins`; the SDK's type lacks it. With a path, no plugin is looked for on PATH.
  const plugins = { providers: [{ name: 'swarm', path: join(packageRoot, 'provider') }] };
  const settings = { name: options.project, runtime: 'nodejs' as const, main: options.folder, plugins };
  return { ...settings, backend: { url: options.backend } };
}

function environment(options: WorkspaceOptions, managers: readonly string[]): Record<string, string> {
  const { pulumiHome, passphraseFile } = options;
  return {
    SWARMCTL_MANAGERS: managers.join(','),
    // The provider runs on the Node that runs this, whatever `node` on PATH is.
    SWARMCTL_NODE: process.execPath,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }),
    ...(passphraseFile === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile }),
  };
}
