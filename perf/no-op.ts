import { composeOf, fleetOf, succeed, withFleet } from './fleets.ts';
import { timeInTurn } from './paired.ts';
import { ratioOf, type Scenario, tell } from './scenario.ts';

const clusters = 6;

/** What it costs to look at clusters in which nothing is to be done. */
export const noOp: Scenario = {
  name: 'no-op',
  run: (rounds, log) =>
    withFleet(
      { 'swarmctl.yaml': fleetOf('perf', clusters), 'compose.yaml': composeOf(2) },
      async (folder) => {
        await succeed(folder, ['up', '--yes', '--skip-bench']);
        const up = (...args: string[]) => succeed(folder, ['up', '--yes', '--skip-bench', ...args]);
        const preview = (...args: string[]) => succeed(folder, ['preview', ...args]);
        const contenders = [
          { name: 'up of 6 clusters', run: () => up() },
          { name: 'up of 1 cluster', run: () => up('--clusters', 'region-1') },
          { name: 'preview of 6 clusters', run: () => preview() },
          { name: 'preview of 6 clusters, --parallel 1', run: () => preview('--parallel', '1') },
        ];
        const timings = await timeInTurn(contenders, rounds, tell(log));
        return {
          title: 'Nothing to do',
          method: `A fleet of ${clusters} one-node clusters with two services each, all up to date. \`preview\` compares with what is really there (refresh).`,
          timings,
          claims: [
            {
              what: 'No-op up: 6 clusters / 1 cluster',
              ratio: ratioOf(timings, 'up of 6 clusters', 'up of 1 cluster'),
              target: { atMost: 2.5 },
            },
            {
              what: 'Preview with refresh of 6: one after another / in parallel',
              ratio: ratioOf(timings, 'preview of 6 clusters, --parallel 1', 'preview of 6 clusters'),
              target: { atLeast: 3 },
            },
          ],
        };
      },
    ),
};
