import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { dockerOn } from '../e2e/swarmctl.ts';
import { composeOf, fleetOf, succeed, withFleet } from './fleets.ts';
import { timeInTurn } from './paired.ts';
import { peerMethods, withPeers } from './peers/peers.ts';
import { ratioOf, type Scenario, tell } from './scenario.ts';

const node = 'perf-region-1-manager-1';
const script = join(import.meta.dirname, 'peers', 'redeploy.sh');

/** One service of several gets a new environment variable, until it has converged. */
function changeOneOf(services: number, word: string, name: string): Scenario {
  return {
    name,
    run: (rounds, log) =>
      withFleet(
        { 'swarmctl.yaml': fleetOf('perf', 1), 'compose.yaml': composeOf(services) },
        async (folder) => {
          await succeed(folder, ['up', '--yes', '--skip-bench']);
          await redeploy(composeOf(services));
          const before = await otherTasks();
          const timings = await withPeers([node], services, (peers) =>
            timeInTurn(
              [
                {
                  name: 'swarmctl up',
                  prepare: (round) => writeFile(join(folder, 'compose.yaml'), composeOf(services, round + 2)),
                  run: () => succeed(folder, ['up', '--yes', '--skip-bench']),
                },
                {
                  name: 'docker stack deploy and waiting',
                  run: (round) => redeploy(composeOf(services, round + 2)),
                },
                ...peers.map(({ name, deploy }) => ({ name, run: (round: number) => deploy(round + 2) })),
              ],
              rounds,
              tell(log),
            ),
          );
          const after = await otherTasks();
          if (after !== before) throw new Error(`other tasks than before:\n${before}\n${after}`);
          return {
            title: `One service of ${word} changes`,
            method: `On the same one-node swarm, a stack of the same services for each contender. The script is \`perf/peers/redeploy.sh\`: \`docker stack deploy\` on the manager itself, then waiting until no service is updated any more and all have their replicas. (The waiting of \`docker stack deploy --detach=false\` takes five seconds for each service, one after another: it was not taken for the peer.) \`swarmctl up\` refreshes, previews, deploys and waits. ${peerMethods}`,
            timings,
            notes: 'The tasks of all other services were the same before and after.',
            claims: [
              {
                what: `One service of ${word} changed, to converged: swarmctl / docker stack deploy and waiting`,
                ratio: ratioOf(timings, 'swarmctl up', 'docker stack deploy and waiting'),
                target: { atMost: 1.3 },
              },
            ],
          };
        },
      ),
  };
}

export const change = changeOneOf(10, 'ten', 'change');
export const changeOfThirty = changeOneOf(30, 'thirty', 'change-30');

async function redeploy(compose: string): Promise<void> {
  await execa(script, [node, 'peer'], { input: compose });
}

/** The tasks of swarmctl's services that do not change, by their ids. */
async function otherTasks(): Promise<string> {
  const running = ['--filter', 'desired-state=running', '--format', '{{.Name}} {{.ID}}'];
  const tasks = (await dockerOn(node, 'stack', 'ps', 'perf', ...running)).split('\n');
  return tasks
    .filter((task) => !task.startsWith('perf_app-0.'))
    .sort()
    .join('\n');
}
