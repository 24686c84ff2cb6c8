import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { copyExampleApp } from '../e2e/swarmctl.ts';
import { builtNodeImage } from '../src/toolchain/node-image.ts';
import { describeTimeline, timelineOf } from './breakdown.ts';
import { succeed, withFolder } from './fleets.ts';
import { type Contender, timeInTurn } from './paired.ts';
import { ratioOf, type Scenario, tell } from './scenario.ts';

const regions = ['us-east-1', 'eu-west-1'];
const script = join(import.meta.dirname, 'peers', 'fresh.sh');

const fleetFile = `fleet: shop
target: local
defaults: { managers: 3 }
clusters: { ${regions.map((region) => `${region}: {}`).join(', ')} }
apps: [compose.yaml]
`;

/** Two regions of three managers each, from nothing to the example app running. */
export const fresh: Scenario = {
  name: 'fresh',
  run: (rounds, log) =>
    withFolder({ 'swarmctl.yaml': fleetFile }, async (folder) => {
      await copyExampleApp(folder);
      const events = join(folder, 'events.ndjson');
      const contenders: Contender[] = [
        ours('swarmctl', folder, ['--skip-bench', '--events', events]),
        byHand('script, all at once', 'parallel', join(folder, 'compose.yaml')),
        byHand('script, step by step', 'sequential', join(folder, 'compose.yaml')),
      ];
      const timings = await timeInTurn(contenders, rounds, tell(log));
      const what = '2 × 3 nodes to a converged app: swarmctl /';
      return {
        title: 'From machines to running apps',
        method:
          'Two regions of three managers, the app of `examples/hello` on both; images built before. The scripts are `perf/peers/fresh.sh`: the docker client, swarms by hand, `docker stack deploy`, waiting until the replicas are complete and healthy. swarmctl also writes its state.',
        timings,
        claims: [
          {
            what: `${what} script, all at once`,
            ratio: ratioOf(timings, 'swarmctl', 'script, all at once'),
            target: { atMost: 1.5 },
          },
          {
            what: `${what} script, step by step`,
            ratio: ratioOf(timings, 'swarmctl', 'script, step by step'),
            target: { atMost: 0.8 },
          },
        ],
        notes: describeTimeline(timelineOf(await readFile(events, 'utf8'))),
      };
    }),
};

function ours(name: string, folder: string, args: string[]): Contender {
  return {
    name,
    run: () => succeed(folder, ['up', '--yes', ...args]),
    clean: () => succeed(folder, ['destroy', '--yes']),
  };
}

function byHand(name: string, mode: 'parallel' | 'sequential', compose: string): Contender {
  return {
    name,
    run: async () => void (await execa(script, ['up', mode, builtNodeImage, compose, ...regions])),
    clean: async () => void (await execa(script, ['down', ...regions])),
  };
}
