import { defineConfig } from 'vitest/config';

/** End-to-end tests that make all they need; the others share the lab. */
const ownFleets = [
  'adopt',
  'autolock',
  'aws',
  'completion',
  'compose',
  'hosts',
  'interrupted',
  'killed',
  'nodes',
  'package',
  'readme',
  'ssh',
  'tls',
  'turns',
].map((name) => `e2e/${name}.test.ts`);
/** After the unit tests, in two lanes (e2e/lanes.ts): each file has a worker that waits for its turn. */
const endToEnd = {
  maxWorkers: 64,
  sequence: { groupOrder: 1 },
  // For machines that are busy with something else.
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

export default defineConfig({
  test: {
    globalSetup: ['e2e/lanes.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,programs,provider,tools,examples,perf}/**/*.test.ts'],
          // For machines that are busy with something else: real programs are started.
          testTimeout: 60_000,
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ownFleets,
          globalSetup: ['e2e/lab.ts'],
          setupFiles: ['e2e/lab-lane.ts'],
          ...endToEnd,
        },
      },
      {
        test: {
          name: 'fleets',
          include: ownFleets,
          globalSetup: ['e2e/own-fleets.ts'],
          setupFiles: ['e2e/own-lane.ts'],
          ...endToEnd,
        },
      },
    ],
  },
});
