import { execa } from 'execa';
import { openSwarm } from '../src/docker/swarm.ts';
import { loadFleet } from '../src/fleet/load.ts';
import { openCheckRun } from '../src/pipeline/check-run.ts';
import { appsStackName } from '../src/pipeline/cluster.ts';
import { managersOf } from '../src/pipeline/machines.ts';
import { ensureStateTools } from '../src/toolchain/toolchain.ts';
import { composeOf, fleetOf, succeed, withFleet } from './fleets.ts';
import { timeInTurn } from './paired.ts';
import { ratioOf, type Scenario, tell } from './scenario.ts';

const clusters = 6;
const names = {
  check: 'swarmctl drift-check',
  loop: 'pulumi refresh --preview-only, stack by stack',
  inspect: 'docker service inspect, cluster by cluster',
};

/** What it costs to look for drift. */
export const drift: Scenario = {
  name: 'drift',
  run: (rounds, log) =>
    withFleet(
      { 'swarmctl.yaml': fleetOf('perf', clusters), 'compose.yaml': composeOf(2) },
      async (folder) => {
        await succeed(folder, ['up', '--yes', '--skip-bench']);
        const timings = await timeInTurn(
          [
            { name: names.check, run: () => succeed(folder, ['drift-check']) },
            { name: names.loop, run: () => previewRefreshes(folder) },
            { name: names.inspect, run: inspectServices },
          ],
          rounds,
          tell(log),
        );
        return {
          title: 'Drift',
          method: `A fleet of ${clusters} one-node clusters with two services each, untouched. The loop runs \`pulumi refresh --preview-only\` for each of the ${2 * clusters} stacks, one after another, by the Automation API in a process that runs already and has the provider in it; \`drift-check\` also asks every node, and its time has the start of its process in it. \`docker service inspect\` of all services compares nothing: it is what reading them costs.`,
          timings,
          claims: [
            {
              what: 'Drift of 6 clusters: pulumi refresh --preview-only, stack by stack / swarmctl',
              ratio: ratioOf(timings, names.loop, names.check),
              target: { atLeast: 3 },
            },
          ],
          notes: `\`drift-check\` takes ${ratioOf(timings, names.check, names.inspect).toFixed(1)} times as long as \`docker service inspect\` of everything.`,
        };
      },
    ),
};

async function previewRefreshes(folder: string): Promise<void> {
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
  for (let index = 1; index <= clusters; index += 1) {
    const node = `perf-region-${index}-manager-1`;
    const all = 'docker service inspect $(docker service ls --quiet)';
    await execa('docker', ['exec', node, 'sh', '-c', all]);
  }
}
