import { randomBytes } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SwarmctlError } from '../errors.ts';
import type { Fleet } from '../fleet/model.ts';

/** Where a fleet keeps what it knows. */
export interface FleetState {
  /** `.swarmctl/` beside the fleet file. */
  folder: string;
  /** Pulumi backend URL. */
  backend: string;
  /** Undefined when the environment brings the passphrase. */
  passphraseFile: string | undefined;
}

/**
 * Makes sure of the folder of the fleet's state and of the passphrase of its secrets: the environment's
 * (`PULUMI_CONFIG_PASSPHRASE`, `PULUMI_CONFIG_PASSPHRASE_FILE`), else one that is made once for a local fleet.
 * @throws SwarmctlError `config` for machines whose state would not be kept, `state-unreadable` when there is a state
 *   and its passphrase is gone.
 */
export async function prepareState(fleet: Fleet, env: NodeJS.ProcessEnv): Promise<FleetState> {
  checkKeeping(fleet, env);
  const folder = stateFolder(fleet);
  const stateIn = join(folder, 'state');
  const isNew = !(await exists(stateIn));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The passphrase comes first: a run that is cut off in between must not leave a state that has none.
  const file = hasPassphrase(env) ? undefined : await passphraseFile(folder, isNew);
  await mkdir(stateIn, { recursive: true, mode: 0o700 });
  return { folder, backend: fleet.state ?? `file://${stateIn}`, passphraseFile: file };
}

/** Real machines outlive the folder, or the runner, that they were set up from. */
function checkKeeping(fleet: Fleet, env: NodeJS.ProcessEnv): void {
  if (fleet.target === 'local') return;
  if (!hasPassphrase(env)) throw noPassphrase(fleet);
  if (env.CI && fleet.state === undefined)
    throw new SwarmctlError(
      'config',
      `Fleet ${fleet.name} is of real machines, and its state would go with this CI job.`,
      {
        hint: 'Say in the fleet file where the state is kept, such as `state: s3://my-bucket`.',
      },
    );
}

function noPassphrase({ name }: Fleet): SwarmctlError {
  return new SwarmctlError(
    'config',
    `Fleet ${name} is of real machines, and there is no passphrase for the secrets in its state.`,
    {
      hint: 'Put one into PULUMI_CONFIG_PASSPHRASE_FILE (a file) or PULUMI_CONFIG_PASSPHRASE, and keep it: without it the state cannot be read.',
    },
  );
}

/**
 * The fleet's state as it is there; nothing is made.
 * @throws SwarmctlError `not-found` when there is none, `state-unreadable` when its passphrase is gone.
 */
export async function findState(fleet: Fleet, env: NodeJS.ProcessEnv): Promise<FleetState> {
  const folder = stateFolder(fleet);
  const stateIn = join(folder, 'state');
  if (fleet.state === undefined && !(await exists(stateIn))) throw noState(fleet, folder);
  if (fleet.target !== 'local' && !hasPassphrase(env)) throw noPassphrase(fleet);
  const file = hasPassphrase(env) ? undefined : await passphraseFile(folder, false);
  return { folder, backend: fleet.state ?? `file://${stateIn}`, passphraseFile: file };
}

function noState({ name }: Fleet, folder: string): SwarmctlError {
  return new SwarmctlError(
    'not-found',
    `There is no state of fleet ${name} in ${folder}: nothing can be compared.`,
    {
      hint: 'Run this where `swarmctl up` ran. Clusters that run without a state are taken over by `swarmctl adopt`.',
    },
  );
}

export function stateFolder(fleet: Fleet): string {
  return join(fleet.directory, '.swarmctl');
}

function hasPassphrase(env: NodeJS.ProcessEnv): boolean {
  return env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
}

async function passphraseFile(folder: string, isNew: boolean): Promise<string> {
  const file = join(folder, 'passphrase');
  if (await exists(file)) return file;
  if (!isNew) {
    throw new SwarmctlError(
      'state-unreadable',
      `The passphrase of the state in ${folder} is gone: there is no ${file}.`,
      {
        hint: 'Put the file back from a backup, or give the passphrase in PULUMI_CONFIG_PASSPHRASE.',
      },
    );
  }
  try {
    await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another first run was faster: its passphrase is the one.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await access(file);
  }
  return file;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
