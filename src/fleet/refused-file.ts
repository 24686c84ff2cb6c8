import { expect } from 'vitest';
import { SwarmctlError } from '../errors.ts';
import { fixtureFolder } from './fixture-folder.ts';
import { loadFleet } from './load.ts';

/** The error that a fleet file with this content is refused with. */
export async function refusal(content: string | Uint8Array): Promise<SwarmctlError> {
  const directory = await fixtureFolder({ 'swarmctl.yaml': content, 'folder/compose.yaml': '' });
  const loading = loadFleet({ directory, env: {}, isTerminal: true });
  const outcome = await loading.catch((error: unknown) => error);
  if (!(outcome instanceof SwarmctlError)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  expect(outcome.code).toBe('config');
  return outcome;
}

/** What most refusals advise. */
export const correct = 'Correct swarmctl.yaml and run the command again; nothing was changed.';
export const nameRule = 'a name of lower-case letters, digits and inner hyphens, 40 at most';
