import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LocalWorkspace,
  type ProjectSettings,
  type PulumiFn,
  Stack as PulumiStack,
  StackAlreadyExistsError,
} from '@pulumi/pulumi/automation/index.js';
import { createProvider, type ProviderListener } from '../../provider/provider.ts';
import { serveProvider } from '../../provider/server.ts';
import type { ImageSource } from '../docker/copy-images.ts';
import type { Swarm } from '../docker/swarm.ts';
import { pendingOperations } from './pending.ts';
import { detachedPulumi } from './run-pulumi.ts';
import { type Stack, type StackParts, wrapStack } from './stack.ts';
import { readSnapshot, removeBrokenLocks } from './state-files.ts';
import { lockHolders } from './state-locks.ts';
import type { StackOptions, WorkspaceOptions } from './workspace.ts';

/**
 * The stack of a workspace, made where it is not there yet. Loading this file takes as long as a small run of Pulumi.
 * @param isKnown whether it is there for certain.
 */
export async function openStack(
  { name, program, swarm }: StackOptions,
  options: WorkspaceOptions,
  envVars: Record<string, string>,
  isKnown: boolean,
): Promise<Stack> {
  const { backend, project, images } = options;
  const folder = join(options.folder, name);
  const workspace = await prepare(folder, program, options, envVars);
  if (isKnown) await keepSalt(options, name, workspace);
  const stack = await (isKnown ? selectKnown : createStack)(name, workspace);
  return wrapStack({
    stack,
    program,
    provide: providing(stack.workspace.envVars, swarm, images),
    folder,
    holders: () => lockHolders(backend, project, name),
    pending: () => pendingOperations(backend, project, name),
    removeBrokenLocks: () => removeBrokenLocks(backend, project, name),
  });
}

/** The stacks that Pulumi knows. */
export async function listStacks(options: WorkspaceOptions, envVars: Record<string, string>) {
  const workspace = await prepare(join(options.folder, '.list'), async () => {}, options, envVars);
  return workspace.listStacks();
}

async function prepare(
  folder: string,
  program: PulumiFn,
  options: WorkspaceOptions,
  envVars: Record<string, string>,
): Promise<LocalWorkspace> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return LocalWorkspace.create({
    workDir: folder,
    program,
    projectSettings: projectSettings(options),
    pulumiCommand: detachedPulumi(options.pulumi),
    envVars: { ...envVars },
  });
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

function projectSettings(options: WorkspaceOptions): ProjectSettings {
  const { project: name, folder, backend } = options;
  return { name, runtime: 'nodejs', main: folder, backend: { url: backend } };
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
