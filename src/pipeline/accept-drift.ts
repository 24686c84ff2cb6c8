import { allSettled } from '../bench/all-settled.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, DriftFinding } from '../report/report.ts';
import type { CheckRun } from './check-run.ts';
import { exclusively, reportOn, warn } from './cluster.ts';
import { compareCluster, openClusterSwarm, stacksOf } from './drift-check.ts';

/** Lets the state take over what was found, or throws the refusal. */
export type Accept = (cluster: Cluster, findings: readonly DriftFinding[]) => Promise<void>;

/**
 * Takes over into the state of one cluster what is really there, once somebody has seen and accepted it. The swarm is
 * only read.
 */
export function acceptDrift(run: CheckRun, cluster: Cluster, accept: Accept): Promise<ClusterReport> {
  return reportOn(cluster, run.emit, (stages, report) =>
    exclusively(run, cluster, async () => {
      const stacks = stacksOf(run, cluster);
      const comparing = (onProgress: (message: string) => void) =>
        compareCluster(run, cluster, { stacks, onProgress, unmanaged: 'ignore' });
      const { findings, compared } = await stages.run('check', comparing);
      const drift = findings.filter(({ kind }) => kind === 'drift');
      report.drift = { compared, findings: drift };
      if (drift.length === 0) return 'unchanged';
      await stages.run('guard', () => accept(cluster, drift));
      await stages.run('refresh', (onProgress) => takeOver(run, cluster, stacks, onProgress));
      return 'updated';
    }),
  );
}

async function takeOver(
  run: CheckRun,
  cluster: Cluster,
  stacks: readonly string[],
  onProgress: (message: string) => void,
): Promise<void> {
  const swarm = openClusterSwarm(run, cluster);
  const onWarning = (text: string) => warn(run, cluster, text);
  await allSettled(
    stacks.map(async (name) => {
      const stack = await run.workspace.open({ name, program: async () => {}, swarm });
      const listener = { onProgress, onChanged: () => {}, onWarning };
      await stack.refresh({ what: `Refreshing ${name}`, signal: run.signal, listener });
    }),
  ).finally(() => swarm.close());
}
