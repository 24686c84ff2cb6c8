import { join } from 'node:path';
import { execa } from 'execa';
import { countSlots } from '../src/bench/pairs.ts';
import { idleSeconds, planBench } from '../src/bench/plan.ts';
import { succeed, withFleet } from './fleets.ts';
import { timeInTurn } from './paired.ts';
import { medianOf, ratioOf, type Scenario, tell } from './scenario.ts';

const script = join(import.meta.dirname, 'peers', 'bench.sh');
const nodes = ['manager', 'worker'].flatMap((role) => [1, 2, 3].map((index) => `perf-one-${role}-${index}`));
const pairs = nodes.flatMap((from, index) => nodes.slice(index + 1).map((to) => [from, to] as const));

/** A budget about throughput, so that a quick run measures it. */
const fleetFile = `fleet: perf
clusters: { one: { managers: 3, workers: 3 } }
bench: { budget: { throughput: 1Kbit } }
`;

/** Both paths of a pair: messages, and seconds of TCP. */
const plan = planBench({ quick: true, throughput: true, pairs: pairs.length }, () => 1);
const { rounds, messagesPerRound } = plan.idle;
const messages = 2 * rounds * messagesPerRound;
const tcpSeconds = 2 * (plan.load?.tcpSeconds ?? 0);

/** The network between six nodes, each pair once. */
export const bench: Scenario = {
  name: 'bench',
  run: (runs, log) =>
    withFleet({ 'swarmctl.yaml': fleetFile }, async (folder) => {
      // With its own benchmark, which brings the probes' image to the nodes.
      await succeed(folder, ['up', '--yes']);
      const ours = 'swarmctl bench --quick';
      const theirs = 'script, one pair after another';
      const timings = await timeInTurn(
        [
          { name: ours, run: () => succeed(folder, ['bench', '--quick', '--pairs', String(pairs.length)]) },
          { name: theirs, run: () => measureByHand() },
        ],
        runs,
        tell(log),
      );
      const measuring = countSlots(pairs) * (idleSeconds(plan.idle, 2) + tcpSeconds);
      const overhead = (medianOf(timings, ours) - measuring) / pairs.length;
      return {
        title: 'The network between six nodes',
        method: `One cluster of six nodes, ${pairs.length} pairs. The script is \`perf/peers/bench.sh\`: for each pair one ping and one iperf3 over \`docker exec\`, one after the other, with as many messages (${messages}) and seconds of TCP (${tcpSeconds}) as swarmctl sends over its two paths. swarmctl also starts and removes its probes, probes the MTU and watches how quiet the nodes are.`,
        timings,
        claims: [
          {
            what: 'Six nodes, as many messages: script / swarmctl bench --quick',
            ratio: ratioOf(timings, theirs, ours),
            target: { atLeast: 2 },
          },
        ],
        notes: `What swarmctl takes beyond measuring, probes included: ${overhead.toFixed(2)} s a pair.`,
      };
    }),
};

async function measureByHand(): Promise<void> {
  await execa(script, [String(messages), String(tcpSeconds), ...nodes]);
}
