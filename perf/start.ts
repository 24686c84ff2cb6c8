import { execa } from 'execa';
import { swarmctl } from '../e2e/swarmctl.ts';
import { timeInTurn } from './paired.ts';
import { ratioOf, type Scenario } from './scenario.ts';

/** More than elsewhere: each takes a few hundredths of a second. */
const runsPerRound = 10;

/** How long `swarmctl --help` takes, beside a Node that does nothing. */
export const start: Scenario = {
  name: 'start',
  run: async (rounds) => {
    const timings = await timeInTurn(
      [
        { name: 'swarmctl --help', run: async () => void (await swarmctl('.', ['--help'])) },
        { name: 'node -e 0', run: async () => void (await execa(process.execPath, ['-e', '0'])) },
      ],
      rounds * runsPerRound,
      () => {},
    );
    return {
      title: 'Start',
      method: 'The launcher and all that `--help` needs, against the same Node with nothing to do.',
      timings,
      claims: [
        {
          what: 'swarmctl --help / node -e 0',
          ratio: ratioOf(timings, 'swarmctl --help', 'node -e 0'),
          target: { atMost: 2.5 },
        },
      ],
    };
  },
};
