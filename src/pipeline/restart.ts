import { changeService } from '../docker/change-service.ts';
import { readClusterState } from '../docker/cluster-state.ts';
import { withForcedUpdate } from '../docker/forced-updates.ts';
import { openSwarm, type Swarm } from '../docker/swarm.ts';
import { readServices } from '../docker/swarm-objects.ts';
import type { Emit } from '../events.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import type { ClusterReport, Outcome, ResourceStep } from '../report/report.ts';
import { exclusively, reportOn } from './cluster.ts';
import { managersOf } from './machines.ts';
import { namedServices } from './named-services.ts';
import { serviceDeadlineSeconds } from './preview.ts';
import type { Stages } from './stages.ts';

/** What a command works with that changes services and needs no state. */
export interface Work {
  fleet: Fleet;
  emit: Emit;
  signal: AbortSignal;
}

/** A cluster whose services are worked on, while no other run does. */
export interface LockedCluster extends Work {
  cluster: Cluster;
  swarm: Swarm;
  stages: Stages;
  report: ClusterReport;
}

/** Works on the services of a cluster, and tells at last what runs. Neither Pulumi nor its state is needed. */
export function withServices(
  work: Work,
  cluster: Cluster,
  change: (locked: LockedCluster) => Promise<Outcome>,
): Promise<ClusterReport> {
  const { fleet, emit, signal } = work;
  return reportOn(cluster, emit, async (stages, report) => {
    const swarm = openSwarm(managersOf(fleet, cluster), { signal });
    try {
      return await exclusively(work, cluster, async () => {
        const outcome = await change({ ...work, cluster, swarm, stages, report });
        Object.assign(report, await readClusterState(swarm, fleet.name));
        return outcome;
      });
    } finally {
      swarm.close();
    }
  });
}

/** Replaces all tasks of services by equal ones, one service after the other, each as its `update_config` says. */
export function restartServices(
  work: Work,
  cluster: Cluster,
  names: readonly string[],
): Promise<ClusterReport> {
  return withServices(work, cluster, async (locked) => {
    const { stages, swarm, fleet } = locked;
    await stages.run(
      'restart',
      async (onProgress) => {
        const known = (await readServices(swarm)).map(({ Spec }) => Spec.Name);
        const own = known.filter((name) => name.startsWith(`${fleet.name}_`)).sort();
        for (const service of namedServices(fleet.name, names, own))
          await forceUpdate(locked, service, onProgress);
      },
      () => locked.report.steps.map(({ name }) => name).join(', '),
    );
    return 'updated';
  });
}

export async function forceUpdate(
  { swarm, signal, emit, cluster, report }: LockedCluster,
  service: string,
  onProgress: (text: string) => void,
): Promise<void> {
  await changeService(swarm, service, withForcedUpdate, {
    deadlineMs: serviceDeadlineSeconds * 1000,
    signal,
    onProgress: (text) => onProgress(`${service}: ${text}`),
  });
  const fields = ['spec.TaskTemplate.ForceUpdate'];
  const step: ResourceStep = { op: 'update', type: 'Service', name: service, fields };
  report.steps.push(step);
  report.changes.update += 1;
  emit({ type: 'resource-changed', cluster: cluster.name, step });
}
