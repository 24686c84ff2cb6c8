import { appsComponent } from '../../programs/apps.ts';
import type { ScaleOverride } from '../../programs/fleet-settings.ts';
import { loadServices } from '../compose/load.ts';
import { serviceMode } from '../compose/mode.ts';
import { changeService } from '../docker/change-service.ts';
import { readClusterState } from '../docker/cluster-state.ts';
import { withReplicas } from '../docker/scale-label.ts';
import { readServices } from '../docker/swarm-objects.ts';
import { SwarmctlError } from '../errors.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, ResourceStep } from '../report/report.ts';
import { type ClusterContext, openAppsStack, operation, withCluster } from './cluster.ts';
import { namedServices } from './named-services.ts';
import { serviceDeadlineSeconds } from './preview.ts';
import { changeSettings, type Run } from './run.ts';
import { replicasOf, withScale } from './scales.ts';

/** What is asked for: numbers of tasks, or the end of those that were chosen before. */
export type ScaleWish =
  | { replicas: ReadonlyMap<string, number>; by: string }
  /** All services where none is named. */
  | { reset: readonly string[] };

/** The number that a service gets. */
interface Target {
  service: string;
  replicas: number;
  /** Absent where the service goes back to what the compose file says. */
  override?: ScaleOverride;
}

/**
 * Gives services of a cluster another number of tasks than the compose files say, until that is ended, and waits until
 * they have it. What was chosen is in the fleet's settings, and in the service's label, before the swarm begins.
 * @returns the cluster's one result; errors are in it.
 */
export function scaleServices(run: Run, cluster: Cluster, wish: ScaleWish): Promise<ClusterReport> {
  return withCluster(run, cluster, 'exclusive', async (context) => {
    const { report, stages, swarm } = context;
    await stages.run(
      'scale',
      async (onProgress) => {
        const targets = await findTargets(context, wish);
        await record(context, targets);
        try {
          for (const target of targets) await applyTarget(context, target, onProgress);
        } finally {
          await takeOver(context, targets);
        }
      },
      () => report.steps.map(({ name }) => name).join(', ') || 'no changes',
    );
    Object.assign(report, await readClusterState(swarm, run.fleet.name));
    return report.steps.length > 0 ? 'updated' : 'unchanged';
  });
}

async function findTargets(context: ClusterContext, wish: ScaleWish): Promise<Target[]> {
  const { run, cluster, swarm } = context;
  const { name: stack } = run.fleet;
  const live = (await readServices(swarm)).filter(({ Spec }) => Spec.Name.startsWith(`${stack}_`));
  const known = live.map(({ Spec }) => Spec.Name);
  const written = await writtenReplicas(context);
  if ('reset' in wish) {
    const overridden = Object.keys(run.settings.scales[cluster.name] ?? {});
    const names = wish.reset.length > 0 ? namedServices(stack, wish.reset, known) : overridden;
    return names.flatMap((service) => {
      const replicas = written.get(service);
      return overridden.includes(service) && replicas !== undefined ? [{ service, replicas }] : [];
    });
  }
  const since = new Date().toISOString();
  return [...wish.replicas].map(([name, replicas]) => {
    const [service = ''] = namedServices(stack, [name], known);
    const spec = live.find(({ Spec }) => Spec.Name === service)?.Spec;
    if (!spec || replicasOf(spec) === undefined) throw notReplicated(service);
    const instead = written.get(service);
    if (instead === undefined) throw notWritten(service);
    // The number that the compose file has is no other one.
    if (replicas === instead) return { service, replicas };
    return { service, replicas, override: { replicas, instead, by: wish.by, since } };
  });
}

/** What the compose files say of replicated services. The contents of secrets are not needed for that. */
async function writtenReplicas({ run, cluster }: ClusterContext): Promise<Map<string, number>> {
  const { fleet, signal } = run;
  const { name, region, env, overrides } = cluster;
  const files = [...fleet.apps, ...overrides];
  if (files.length === 0) return new Map();
  const { model, locate } = await loadServices(files, { env, cluster: name, region, signal });
  return new Map(
    Object.entries(model.services).flatMap(([service, { deploy = {} }]) => {
      const Mode = serviceMode(deploy, (...path) => locate('services', service, ...path));
      const replicas = replicasOf({ Mode });
      return replicas === undefined ? [] : [[`${fleet.name}_${service}`, replicas]];
    }),
  );
}

async function record({ run, cluster }: ClusterContext, targets: readonly Target[]): Promise<void> {
  const changes = Object.fromEntries(targets.map(({ service, override }) => [service, override]));
  const present = run.settings.scales[cluster.name] ?? {};
  if (targets.every(({ service, override }) => !override && !(service in present))) return;
  await changeSettings(run, (settings) => withScale(settings, cluster.name, changes));
}

/** Takes overrides that have ended out of the settings: they are not to come back with the number that they stood over. */
export async function forgetScales(
  { run, cluster }: ClusterContext,
  services: readonly string[],
): Promise<void> {
  if (services.length === 0) return;
  const changes = Object.fromEntries(services.map((service) => [service, undefined]));
  await changeSettings(run, (settings) => withScale(settings, cluster.name, changes));
}

/** Brings overrides back that this run has ended, where nothing else was chosen since. */
export async function restoreScales({ run, cluster }: ClusterContext): Promise<void> {
  const before = run.settings.scales[cluster.name];
  if (before === undefined) return;
  await changeSettings(run, (settings) =>
    withScale(settings, cluster.name, { ...before, ...settings.scales[cluster.name] }),
  );
}

async function applyTarget(
  { run, cluster, swarm, report }: ClusterContext,
  { service, replicas, override }: Target,
  onProgress: (text: string) => void,
): Promise<void> {
  const isChanged = await changeService(swarm, service, (spec) => withReplicas(spec, replicas, override), {
    deadlineMs: serviceDeadlineSeconds * 1000,
    signal: run.signal,
    onProgress: (text) => onProgress(`${service}: ${text}`),
  });
  if (!isChanged) return;
  const fields = ['spec.Mode.Replicated.Replicas'];
  const step: ResourceStep = { op: 'update', type: 'Service', name: service, fields };
  report.steps.push(step);
  report.changes.update += 1;
  run.emit({ type: 'resource-changed', cluster: cluster.name, step });
}

/** Takes the services over into the state as they are now, and nothing else: what differs elsewhere stays to be told. */
async function takeOver(context: ClusterContext, targets: readonly Target[]): Promise<void> {
  if (!context.exists.apps || targets.length === 0) return;
  const stack = await openAppsStack(context);
  const resources = targets.map(({ service }) => ({ type: 'swarm:index:Service', name: service }));
  const only = { component: { type: appsComponent, name: context.run.fleet.name }, resources };
  await stack.refresh(
    operation(context, 'Refreshing the services', () => {}),
    only,
  );
}

function notReplicated(service: string): SwarmctlError {
  return new SwarmctlError('usage', `Service ${service} has no number of tasks: it is global or a job.`, {
    hint: 'A global service has one task on each node that fits its constraints.',
  });
}

function notWritten(service: string): SwarmctlError {
  return new SwarmctlError('not-found', `Service ${service} is not in the compose files of this cluster.`, {
    hint: 'Run `swarmctl preview` to see how the files and the swarm differ.',
  });
}
