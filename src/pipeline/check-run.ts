import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOuterEngine } from '../docker/engine.ts';
import { openImageShelf } from '../docker/image-shelf.ts';
import { orStateError } from '../engine/state-failure.ts';
import { openWorkspace } from '../engine/workspace.ts';
import type { Emit } from '../events.ts';
import type { Fleet } from '../fleet/model.ts';
import type { Toolchain } from '../toolchain/toolchain.ts';
import { findState } from './fleet-state.ts';
import type { Run } from './run.ts';

/** What a check of all clusters shares: less than a run that may change them. */
export type CheckRun = Pick<Run, 'fleet' | 'state' | 'workspace' | 'existing' | 'signal' | 'emit'>;

export interface CheckRunOptions {
  fleet: Fleet;
  tools: Pick<Toolchain, 'pulumi' | 'pulumiHome'>;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  emit: Emit;
}

/** An opened state, and what takes away the folder that Pulumi works in. */
export interface OpenedCheck {
  run: CheckRun;
  close(): Promise<void>;
}

/**
 * Opens the fleet's state to read it. What Pulumi writes to work at all goes to a folder of its own: nothing of the
 * fleet is written.
 * @throws SwarmctlError `not-found` when there is no state.
 */
export async function openCheckRun({
  fleet,
  tools,
  env,
  signal,
  emit,
}: CheckRunOptions): Promise<OpenedCheck> {
  const state = await findState(fleet, env).catch((error: unknown) => {
    throw orStateError(error);
  });
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-check-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const outer = openOuterEngine();
    const workspace = openWorkspace({
      project: fleet.name,
      folder,
      backend: state.backend,
      pulumi: tools.pulumi,
      pulumiHome: tools.pulumiHome,
      passphraseFile: state.passphraseFile,
      images: { engine: outer, shelf: openImageShelf(outer) },
    });
    const existing = await workspace.existing();
    return { run: { fleet, state, workspace, existing, signal, emit }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
