import { afterAll, inject } from 'vitest';
import { waitUntil } from '../src/docker/deadline.ts';
import { takeTurn } from './lanes.ts';
import { swarmctlJson } from './swarmctl.ts';

afterAll(await takeTurn(inject('lanes').lab));

// The file before may have killed machines at its end: elections, and tasks on their way, are no part of a test.
const lab = inject('lab');
let seen = '';
await waitUntil('The lab coming to rest', isAtRest, { deadlineMs: 180_000, describe: () => seen });

async function isAtRest(): Promise<true | undefined> {
  const { report, exitCode, stdout } = await swarmctlJson(lab.folder, ['status']);
  seen = stdout;
  const rests = report.clusters.every(
    ({ nodes, services }) =>
      nodes.length === 3 &&
      nodes.every(({ state }) => state === 'ready') &&
      services.every(({ running, desired }) => running === desired),
  );
  return exitCode === 0 && rests ? true : undefined;
}
