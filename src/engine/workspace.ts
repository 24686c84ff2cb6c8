import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StackNotFoundError } from '@pulumi/pulumi/automation/errors.js';
import type { PulumiFn } from '@pulumi/pulumi/automation/index.js';
import type { ImageSource } from '../docker/copy-images.ts';
import type { Swarm } from '../docker/swarm.ts';
import { engineError } from './failure.ts';
import { removePlans } from './plan-files.ts';
import { detachedPulumi, type PulumiCli } from './run-pulumi.ts';
import type { Stack } from './stack.ts';
import { stateError } from './state-failure.ts';
import { damagedFiles, readSnapshots } from './state-files.ts';

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
  const { backend, project, folder } = options;
  const envVars = environment(options);
  /** Stacks that are there, as far as this run has seen. */
  const known = new Set<string>();

  /** Failures of what no operation of a stack stands for. */
  const opening = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const damaged = await damagedFiles(backend, project);
      const state = error instanceof Error ? stateError(error.message, error, damaged) : undefined;
      throw state ?? engineError(error, { reported: [], diagnosed: [] }, 'Opening the state');
    }
  };

  return {
    async existing() {
      const askPulumi = async () => (await import('./open-stack.ts')).listStacks(options, envVars);
      const stacks = (await countInFiles(options)) ?? (await opening(askPulumi));
      for (const { name } of stacks) known.add(name);
      return new Set(stacks.filter(({ resourceCount = 0 }) => resourceCount > 0).map(({ name }) => name));
    },

    async open(stackOptions) {
      const { openStack } = await import('./open-stack.ts');
      const { name } = stackOptions;
      const stack = await opening(() => openStack(stackOptions, options, envVars, known.has(name)));
      known.add(name);
      return stack;
    },

    removePlans: (name) => removePlans(join(folder, name)),

    async outputs(name) {
      const fullName = `organization/${project}/${name}`;
      const args = ['stack', 'output', '--json', '--show-secrets', '--stack', fullName];
      const running = opening(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const env = { ...envVars, PULUMI_BACKEND_URL: backend };
        return detachedPulumi(options.pulumi).run(args, folder, env).catch(unlessMissing);
      });
      // Whoever reads outputs is going to open stacks; that is loaded while Pulumi runs.
      const [result] = await Promise.all([running, import('./open-stack.ts')]);
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

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof StackNotFoundError)) throw error;
}

/**
 * Growth of the heap, in percent, before Go collects garbage (its default is 100). Pulumi's processes live for seconds:
 * collecting less often saves an eighth of their processor time and costs some 100 MiB each.
 * https://go.dev/doc/gc-guide#GOGC
 */
const garbageGrowth = '400';

function environment({ pulumiHome, passphraseFile }: WorkspaceOptions): Record<string, string> {
  return {
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    ...(process.env.GOGC === undefined && { GOGC: garbageGrowth }),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }),
    ...(passphraseFile === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile }),
  };
}
