import { isDeepStrictEqual } from 'node:util';
import { Adopted, type ExistingObject } from '../../programs/adopted.ts';
import { appsComponent } from '../../programs/apps.ts';
import type { AdoptedParts } from '../../programs/fleet-settings.ts';
import { readClusterState } from '../docker/cluster-state.ts';
import { readObjects } from '../docker/swarm-objects.ts';
import type { KnownResource } from '../engine/adoption.ts';
import { typeName } from '../engine/changes.ts';
import type { Operation } from '../engine/watch.ts';
import type { Cluster } from '../fleet/model.ts';
import type { AdoptionReport, ClusterReport } from '../report/report.ts';
import { type Adoptable, findAdoptableApps } from './adoptable-apps.ts';
import { type AdoptableMachines, containerType } from './adoptable-machines.ts';
import { buildApps } from './build.ts';
import {
  type ClusterContext,
  openAppsStack,
  openMachines,
  operation,
  recordChanges,
  withCluster,
} from './cluster.ts';
import { renderApps } from './prepared-apps.ts';
import { previewCluster, serviceDeadlineSeconds } from './preview.ts';
import { restartsOf } from './restarts.ts';
import { changeSettings, type Run } from './run.ts';
import { overlays } from './settings.ts';
import { engineType } from './targets/adoptable-hosts.ts';
import { targetOf } from './targets/target.ts';

/** Lets an adoption pass, or throws the refusal. */
export type ApproveAdoption = (cluster: Cluster, adoption: AdoptionReport) => Promise<void>;

export interface AdoptOptions {
  /** Whether to tell only what could be adopted. */
  dryRun: boolean;
  approve: ApproveAdoption;
}

const providerTypes = 'swarm:index:';

/**
 * Takes what runs in a cluster and is not in the state into it, as it is. The engines are only read; what `up` would
 * change afterwards is in the result.
 * @returns the cluster's one result; errors are in it.
 */
export function adoptCluster(run: Run, cluster: Cluster, options: AdoptOptions): Promise<ClusterReport> {
  const access = options.dryRun ? 'beside others' : 'exclusive';
  return withCluster(run, cluster, access, async (context) => {
    const found = await context.stages.run('find', () => find(context), describeFound);
    const adoption = adoptionReport(found);
    context.report.adoption = adoption;
    if (adoption.adopted.length === 0) return 'unchanged';
    if (options.dryRun) return 'updated';

    await context.stages.run('guard', () => options.approve(cluster, adoption));
    const adopted = await context.stages.run('adopt', (onProgress) => adopt(context, found, onProgress));
    await foresee(adopted, adoption);
    return 'updated';
  });
}

interface Found {
  machines?: AdoptableMachines;
  apps: Adoptable;
}

async function find(context: ClusterContext): Promise<Found> {
  const { run, cluster, swarm, exists } = context;
  const [machines, apps] = await Promise.all([
    exists.machines ? (await openMachines(context)).resources() : [],
    exists.apps ? (await openAppsStack(context)).resources() : [],
  ]);
  const isComplete = machines.some(({ type }) => type === containerType || type === engineType);
  const { stack } = await renderApps(run.fleet, cluster, await run.contents(), run.signal);
  const live = await readObjects(swarm);
  return {
    ...(isComplete ? {} : { machines: await targetOf(run.fleet).findMachines(context) }),
    apps: findAdoptableApps(stack, live, idsOf(apps), run.settings.key),
  };
}

function idsOf(resources: readonly KnownResource[]): Set<string> {
  return new Set(resources.map(({ id }) => id));
}

function adoptionReport({ machines, apps }: Found): AdoptionReport {
  const resources = (machines?.resources ?? []).map(({ type, name, id }) => ({
    type: typeName(type),
    name,
    id,
  }));
  const objects = apps.objects.map(({ type, name, id, note }) => ({
    type,
    name,
    id,
    ...(note ? { note } : {}),
  }));
  return { adopted: [...resources, ...objects], left: [...(machines?.left ?? []), ...apps.left] };
}

function describeFound(found: Found): string {
  const { adopted, left } = adoptionReport(found);
  return `${adopted.length} to adopt, ${left.length} to leave`;
}

/** Writes the state. The record of what differs comes first: without it, the next `up` would replace what does. */
async function adopt(
  context: ClusterContext,
  { machines, apps }: Found,
  onProgress: (message: string) => void,
): Promise<ClusterContext> {
  const settings = await changeSettings(context.run, (stored) => {
    const before = stored.adopted[context.cluster.name];
    const parts = adoptedParts(before, overlays(stored, context.cluster), machines, apps);
    return { ...stored, adopted: { ...stored.adopted, [context.cluster.name]: parts } };
  });
  const after = {
    ...context,
    run: { ...context.run, settings },
    exists: { ...context.exists, machines: true },
  };
  if (machines) await adoptMachines(after, machines, onProgress);
  if (apps.objects.length > 0) await adoptApps(after, apps.objects, onProgress);
  return after;
}

/** The ranges of overlay networks are kept where they are not those that the cluster would have got. */
function adoptedParts(
  before: AdoptedParts | undefined,
  given: AdoptedParts['overlays'],
  machines: Pick<AdoptableMachines, 'overlays'> | undefined,
  apps: Pick<Adoptable, 'contents'>,
): AdoptedParts {
  const kept =
    machines && !isDeepStrictEqual(machines.overlays, given) ? machines.overlays : before?.overlays;
  return { ...(kept ? { overlays: kept } : {}), contents: { ...before?.contents, ...apps.contents } };
}

/** All machines come into the state at once: with a part of them, `up` would make the others anew. */
async function adoptMachines(
  context: ClusterContext,
  { resources }: AdoptableMachines,
  onProgress: (message: string) => void,
): Promise<void> {
  const stack = await openMachines(context);
  await stack.insert(quietly(operation(context, 'Adopting the machines', onProgress)), resources);
}

async function adoptApps(
  context: ClusterContext,
  objects: readonly ExistingObject[],
  onProgress: (message: string) => void,
): Promise<void> {
  const component = { type: appsComponent, name: context.run.fleet.name };
  const adopted = objects.map((object) => ({
    ...object,
    known: {
      ...object.known,
      ...(object.type === 'Service' ? { deadlineSeconds: serviceDeadlineSeconds } : {}),
    },
  }));
  const adopting = quietly(operation(context, 'Adopting the apps', onProgress));
  const known = context.exists.apps ? await refreshKnown(context, adopting) : [];
  const program = async () => void new Adopted(component, [...known.map(asExisting), ...adopted]);
  const stack = await openAppsStack(context, program);
  await stack.adopt(adopting, component, objects.map(inProvider));
}

/** What the state holds of the apps, without what is gone: something adopted may have its name. */
async function refreshKnown(context: ClusterContext, refreshing: Operation): Promise<KnownResource[]> {
  const stack = await openAppsStack(context);
  await stack.refresh(refreshing);
  return stack.resources();
}

function inProvider({ type, name }: ExistingObject): { type: string; name: string } {
  return { type: providerTypes + type, name };
}

/** What the state holds has to be in the program as well, which else would want it gone. */
function asExisting({ type, name, id }: KnownResource): ExistingObject {
  return { type: type.slice(providerTypes.length) as ExistingObject['type'], name, id, known: {} };
}

/** To Pulumi, what comes into its state was created; nothing was. */
function quietly({ listener, ...rest }: Operation): Operation {
  return listener ? { ...rest, listener: { ...listener, onChanged: () => {} } } : rest;
}

/** Tells what the next `up` would do, and what of it is felt. */
async function foresee(context: ClusterContext, adoption: AdoptionReport): Promise<void> {
  const { report, swarm, run } = context;
  const apps = await buildApps(context);
  const plan = await previewCluster(context, apps, { isNew: false, refresh: true });
  recordChanges(report, plan.changes);
  Object.assign(report, await readClusterState(swarm, run.fleet.name));
  adoption.restarts = restartsOf(plan.changes.steps, report.services);
}
