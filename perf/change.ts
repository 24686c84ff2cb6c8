import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { composeOf, fleetOf, succeed, withFleet } from './fleets.ts';
import { timeInTurn } from './paired.ts';
import { ratioOf, type Scenario, tell } from './scenario.ts';

const services = 10;
const node = 'perf-region-1-manager-1';

/** One service of ten gets a new environment variable, until it has converged. */
export const change: Scenario = {
  name: 'change',
  run: (rounds, log) =>
    withFleet(
      { 'swarmctl.yaml': fleetOf('perf', 1), 'compose.yaml': composeOf(services) },
      async (folder) => {
        await succeed(folder, ['up', '--yes', '--skip-bench']);
        await stackDeploy(composeOf(services));
        const timings = await timeInTurn(
          [
            {
              name: 'swarmctl up',
              prepare: (round) => writeFile(join(folder, 'compose.yaml'), composeOf(services, round + 2)),
              run: () => succeed(folder, ['up', '--yes', '--skip-bench']),
            },
            { name: 'docker stack deploy', run: (round) => stackDeploy(composeOf(services, round + 2)) },
          ],
          rounds,
          tell(log),
        );
        return {
          title: 'One service of ten changes',
          method:
            'On the same one-node swarm, two stacks of the same ten services. `docker stack deploy --detach=false --resolve-image never` runs on the manager itself and waits for the services; `swarmctl up` refreshes, previews, deploys and waits.',
          timings,
          claims: [
            {
              what: 'One service of ten changed, to converged: swarmctl / docker stack deploy',
              ratio: ratioOf(timings, 'swarmctl up', 'docker stack deploy'),
              target: { atMost: 1.3 },
            },
          ],
        };
      },
    ),
};

async function stackDeploy(compose: string): Promise<void> {
  const deploy = [
    'docker',
    'stack',
    'deploy',
    '--detach=false',
    '--resolve-image',
    'never',
    '-c',
    '-',
    'peer',
  ];
  await execa('docker', ['exec', '-i', node, ...deploy], { input: compose });
}
