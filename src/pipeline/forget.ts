import { rm } from 'node:fs/promises';
import { openSwarm } from '../docker/swarm.ts';
import type { Run } from './run.ts';
import { settingsStack } from './settings.ts';

/** Removes what a fleet keeps for itself once none of its clusters is left. */
export async function forgetFleet({ workspace, state, fleet, signal }: Run): Promise<void> {
  const left = [...(await workspace.existing())].filter((name) => name !== settingsStack);
  if (left.length > 0) return;
  if (fleet.state === undefined) return rm(state.folder, { recursive: true, force: true });
  const settings = await workspace.open({
    name: settingsStack,
    program: async () => {},
    swarm: openSwarm([]),
  });
  await settings.forget({ what: "Removing the fleet's settings", signal });
}
