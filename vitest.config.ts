import { defineConfig } from 'vitest/config';

/** End-to-end tests that make all they need, so that two files can run at once. */
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
/** Of end-to-end tests, on machines that are busy with something else. */
const deadlines = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
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
          // They share the lab, so the files take turns.
          fileParallelism: false,
          ...deadlines,
        },
      },
      {
        test: {
          name: 'fleets',
          include: ownFleets,
          globalSetup: ['e2e/own-fleets.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...deadlines,
        },
      },
    ],
  },
});
