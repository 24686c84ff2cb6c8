import { execa } from 'execa';
import { openSwarm } from '../src/docker/swarm.ts';
import { loadFleet } from '../src/fleet/load.ts';
import { openCheckRun } from '../src/pipeline/check-run.ts';
import { appsStackName } from '../src/pipeline/cluster.ts';
import { managersOf } from '../src/pipeline/machines.ts';
import { ensureStateTools } from '../src/toolchain/toolchain.ts';
import { composeOf, fleetOf, succeed, withFleet } from './fleets.ts';
import { timeInTurn } from './paired.ts';
import { peerMethods, withPeers } from './peers/peers.ts';
import { ratioOf, type Scenario, tell } from './scenario.ts';

const clusters = 6;
const services = 2;
const nodes = Array.from({ length: clusters }, (_, index) => `perf-region-${index + 1}-manager-1`);
const names = {
  check: 'swarmctl drift-check',
  own: 'the comparisons that swarmctl makes, stack by stack',
  inspect: 'docker service inspect, cluster by cluster',
};

/** What it costs to look for drift. */
export const drift: Scenario = {
  name: 'drift',
  run: (rounds, log) =>
    withFleet(
      { 'swarmctl.yaml': fleetOf('perf', clusters), 'compose.yaml': composeOf(services) },
      async (folder) => {
        await succeed(folder, ['up', '--yes', '--skip-bench']);
        const timings = await withPeers(nodes, services, (peers) =>
          timeInTurn(
            [
              { name: names.check, run: () => succeed(folder, ['drift-check']) },
              ...peers.map(({ name, compare }) => ({ name: `${name}, swarm by swarm`, run: compare })),
              { name: names.own, run: () => compareInTurn(folder) },
              { name: names.inspect, run: inspectServices },
            ],
            rounds,
            tell(log),
          ),
        );
        return {
          title: 'Drift',
          method: `A fleet of ${clusters} one-node clusters with ${services} services each, untouched. ${peerMethods} The one runs \`pulumi refresh --preview-only\`, the other \`terraform plan -refresh-only\`, for each swarm; they know its network and its services alone. \`drift-check\` compares the machines and the swarm too, and asks every node how it is. The comparisons one after another are those of swarmctl itself, ${2 * clusters} stacks, in a process that runs already. \`docker service inspect\` of all services compares nothing: it is what reading them costs.`,
          timings,
          claims: [
            {
              what: 'Drift of 6 clusters: pulumi refresh --preview-only, swarm by swarm / swarmctl',
              ratio: ratioOf(timings, 'plain Pulumi, swarm by swarm', names.check),
              target: { atLeast: 3 },
            },
            {
              what: 'Drift of 6 clusters: our own comparisons, stack by stack / swarmctl',
              ratio: ratioOf(timings, names.own, names.check),
              target: { atLeast: 3 },
            },
          ],
          notes: `\`drift-check\` takes ${ratioOf(timings, names.check, names.inspect).toFixed(1)} times as long as \`docker service inspect\` of everything.`,
        };
      },
    ),
};

async function compareInTurn(folder: string): Promise<void> {
  const { signal } = new AbortController();
  const tools = await ensureStateTools({ onStep: () => {}, consent: async () => false, signal });
  const fleet = await loadFleet({ directory: folder, env: {}, isTerminal: false });
  const { run, close } = await openCheckRun({ fleet, tools, env: {}, signal, emit: () => {} });
  try {
    for (const cluster of fleet.clusters) {
      for (const name of [cluster.name, appsStackName(cluster)]) {
        const swarm = openSwarm(managersOf(fleet, cluster));
        const stack = await run.workspace.open({ name, program: async () => {}, swarm });
        const compared = await stack.compare({ what: `Comparing ${name}`, signal });
        swarm.close();
        if (compared.length === 0) throw new Error(`${name} is empty`);
      }
    }
  } finally {
    await close();
  }
}

async function inspectServices(): Promise<void> {
  for (const node of nodes) {
    const all = 'docker service inspect $(docker service ls --quiet)';
    await execa('docker', ['exec', node, 'sh', '-c', all]);
  }
}
