import { sampleCluster, sampleFleet } from '../pipeline/sample-fleet.ts';
import type { AnsweringEngine, Facts, StateFacts } from './facts.ts';

const gibibyte = 2 ** 30;

/** An engine with nothing to object to, for tests. */
export const goodEngine: AnsweringEngine = {
  answers: true,
  endpoint: 'unix:///var/run/docker.sock',
  version: '26.1.5',
  os: 'Debian GNU/Linux 13',
  isRootless: false,
  rootFolder: '/var/lib/docker',
  isHere: true,
  isSwarmNode: false,
  clock: { aheadMs: 3, toleranceMs: 5 },
};

/** A folder of the state with nothing to object to, for tests. */
export const goodState: StateFacts = {
  folder: '/srv/shop/.swarmctl',
  isWritable: true,
  mode: 0o700,
  passphraseMode: 0o600,
  changedAt: Date.UTC(2026, 10, 21),
};

/** A machine that lacks nothing, for tests. */
export function goodFacts(change: Partial<Facts> = {}): Facts {
  return {
    now: Date.UTC(2026, 10, 21, 12),
    fleet: sampleFleet({ clusters: [sampleCluster('us'), sampleCluster('eu')] }),
    tools: {
      dockerClient: '28.2.2',
      pulumi: '3.256.0',
      hasDockerProvider: true,
      hasAwsProvider: true,
      hasGo: true,
      nodeImage: 'swarmctl/node:26',
    },
    engine: goodEngine,
    kernel: {
      ipVs: 'present',
      vxlan: 'present',
      bridgeNetfilter: 'present',
      bridgeCallsIptables: true,
      routes: [],
    },
    machine: {
      listening: [],
      availableMemoryBytes: 16 * gibibyte,
      disks: [
        { what: 'images', path: '/var/lib/docker', freeBytes: 60 * gibibyte },
        { what: 'state', path: '/srv/shop', freeBytes: 60 * gibibyte },
      ],
      isClockSynchronized: true,
      staleSockets: [],
    },
    state: goodState,
    locks: [],
    ...change,
  };
}
