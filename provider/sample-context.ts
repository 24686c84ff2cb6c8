import { openEngine } from '../src/docker/engine.ts';
import { openShell } from '../src/docker/shell.ts';
import type { Swarm } from '../src/docker/swarm.ts';
import { createManagerTurns } from './manager-turns.ts';
import type { Context } from './resource.ts';
import { createRoll } from './roll.ts';

/** What a resource's operations work with, for tests. */
export function sampleContext(swarm: Swarm): Context {
  return {
    swarm,
    engine: openEngine,
    shell: openShell,
    roll: createRoll(),
    // Nobody waits for a manager that is needed.
    managerTurn: createManagerTurns(AbortSignal.abort()),
    imageSources: () => [],
    progress: () => {},
    signal: new AbortController().signal,
  };
}
