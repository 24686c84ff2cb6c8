import { readClusterState } from '../docker/cluster-state.ts';
import { SwarmctlError } from '../errors.ts';
import type { ClusterReport } from '../report/report.ts';
import type { ClusterContext } from './cluster.ts';

/** Looks at the swarm once more: what was done counts when it runs. */
export async function verifyCluster({ stages, swarm, run, report }: ClusterContext): Promise<void> {
  await stages.run(
    'verify',
    async () => {
      Object.assign(report, await readClusterState(swarm, run.fleet.name));
      checkServices(report);
    },
    () => `${report.services.length} services, ${report.nodes.length} nodes`,
  );
}

function checkServices({ services }: ClusterReport): void {
  const short = services.filter(({ running, desired }) => running < desired);
  if (short.length === 0) return;
  throw new SwarmctlError(
    'service-failed',
    `${short.length} of ${services.length} services are not complete.`,
    {
      details: short.map(({ name, running, desired }) => `${name}: ${running} of ${desired} tasks run`),
      hint: 'See why with `docker service ps`, and run swarmctl up again.',
    },
  );
}
