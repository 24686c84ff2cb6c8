import { openSwarm } from '../docker/swarm.ts';
import { describeCounts, hasChanges } from '../engine/changes.ts';
import type { PreviewedChange, Stack } from '../engine/stack.ts';
import type { Cluster } from '../fleet/model.ts';
import type { ClusterReport, Outcome } from '../report/report.ts';
import type { CheckRun } from './check-run.ts';
import { exclusively, operation, recordChanges, reportOn } from './cluster.ts';
import { type Approve, destructiveSteps } from './guard.ts';
import { tellPending } from './orphans.ts';
import type { Run } from './run.ts';
import type { Stages } from './stages.ts';
import { type Links, targetOf } from './targets/target.ts';

/**
 * The stack of what lies between the clusters of a fleet and in front of them all. It is about all clusters of the file
 * that are there, whichever of them a run is about. No cluster can have its name: dots are not allowed in them. `global`
 * is AWS's word for what is in no single region.
 */
export const fleetLinks = { name: 'fleet.links', region: 'global' } as const;

/** Whether the file asks for it, or the state holds it. */
export function hasLinks({ fleet, existing }: Pick<Run, 'fleet' | 'existing'>): boolean {
  const { link, global } = fleet.aws ?? {};
  return existing.has(fleetLinks.name) || link === true || global !== undefined;
}

/**
 * Brings it to what the file says, once the clusters have had their turn.
 * @param clusters how they came out: after a failure nothing is taken away that a cluster may still need.
 * @returns its one result; undefined where there is nothing of the kind.
 */
export async function upLinks(
  run: Run,
  clusters: readonly ClusterReport[],
  approve: Approve,
): Promise<ClusterReport | undefined> {
  if (!hasLinks(run)) return undefined;
  return changeLinks(run, async (stages, report) => {
    const links = await linksOf(run, await run.workspace.existing());
    tellMissing(run, links);
    const plan = await planLinks(run, links, { stages, report, mayWrite: true });
    if (!plan) return leave(report, reasonOf(links));
    const failed = clusters.find(({ outcome }) => !settled.has(outcome));
    if (failed && destructiveSteps(plan.previewed).length > 0)
      return leave(report, `Cluster ${failed.name} is not as it should be: nothing is taken away meanwhile.`);
    return applyLinks(run, plan, { stages, approve, stage: 'up' });
  });
}

const settled: ReadonlySet<Outcome> = new Set<Outcome>(['updated', 'unchanged']);

/** Shows what `upLinks` would do, as far as the clusters are there. */
export async function previewLinks(run: Run): Promise<ClusterReport | undefined> {
  if (!hasLinks(run)) return undefined;
  return ofLinks(run, async (stages, report) => {
    const links = await linksOf(run, run.existing);
    tellMissing(run, links);
    const plan = await planLinks(run, links, { stages, report, mayWrite: false });
    if (!plan) return leave(report, reasonOf(links));
    return outcomeOf(plan);
  });
}

/**
 * Takes clusters out of it before they are destroyed: a network that others lead to cannot be removed.
 * @returns its one result; undefined where the state holds nothing of the kind.
 */
export async function unlinkClusters(
  run: Run,
  leaving: readonly Cluster[],
  approve: Approve,
): Promise<ClusterReport | undefined> {
  if (!run.existing.has(fleetLinks.name)) return undefined;
  return changeLinks(run, async (stages, report) => {
    const staying = [...run.existing].filter((name) => leaving.every((cluster) => cluster.name !== name));
    const links = await linksOf(run, new Set(staying));
    const plan = await planLinks(run, links, { stages, report, mayWrite: true });
    if (!plan) return 'unchanged';
    if (links.program && hasChanges(plan.previewed))
      report.reason = `It stays, without ${leaving.map(({ name }) => name).join(', ')}.`;
    return applyLinks(run, plan, { stages, approve, stage: 'destroy' });
  });
}

/** The one result of what lies between the clusters. */
export function ofLinks(
  { workspace, emit }: Pick<CheckRun, 'workspace' | 'emit'>,
  work: (stages: Stages, report: ClusterReport) => Promise<Outcome>,
): Promise<ClusterReport> {
  const removePlans = () => workspace.removePlans(fleetLinks.name);
  return reportOn(fleetLinks, emit, async (stages, report) => {
    report.fleetWide = true;
    try {
      // What was killed left its plans as well.
      await removePlans();
      return await work(stages, report);
    } finally {
      await removePlans();
    }
  });
}

/** How long another run, of other clusters, may take with it, in milliseconds. */
const turnDeadlineMs = 120_000;

function changeLinks(run: Run, work: Parameters<typeof ofLinks>[1]): Promise<ClusterReport> {
  return ofLinks(run, (stages, report) =>
    exclusively(run, fleetLinks, () => work(stages, report), turnDeadlineMs),
  );
}

/** What there is to be between those clusters whose stacks are there. */
export async function linksOf(run: Run, there: ReadonlySet<string>): Promise<Links> {
  return (await targetOf(run.fleet).links?.(run, there)) ?? { missing: [], program: undefined };
}

function tellMissing({ emit }: Run, { program, missing }: Links): void {
  if (!program || missing.length === 0) return;
  const message = `Without ${missing.join(', ')}, not being there yet: the \`up\` that makes it takes it in.`;
  emit({ type: 'note', level: 'info', message, cluster: fleetLinks.name });
}

function reasonOf({ missing }: Links): string {
  return missing.length > 0
    ? `Not there yet: ${missing.join(', ')}.`
    : 'One cluster has nothing to be linked with.';
}

function leave(report: ClusterReport, reason: string): Outcome {
  report.reason = reason;
  return 'skipped';
}

interface PlannedLinks {
  stack: Stack;
  previewed: PreviewedChange;
  /** Whether nothing is to be left. */
  isEmptied: boolean;
}

interface Planning {
  stages: Stages;
  report: ClusterReport;
  /** Whether what a run that was cut off has left may be cleared up in the state. */
  mayWrite: boolean;
}

/** Compares with what is really there. Undefined where nothing is there, nor is to be. */
async function planLinks(
  run: Run,
  { program }: Links,
  { stages, report, mayWrite }: Planning,
): Promise<PlannedLinks | undefined> {
  const isThere = run.existing.has(fleetLinks.name);
  if (!program && !isThere) return undefined;
  const context = { run, cluster: fleetLinks };
  const plan = async (onProgress: (message: string) => void) => {
    const stack = await openLinks(run, program);
    const wasCutOff = mayWrite && (await tellPending(context, [stack]));
    if (wasCutOff) await stack.refresh(operation(context, 'Refreshing the state', onProgress));
    const refresh = isThere && !wasCutOff;
    const previewed = await stack.preview(operation(context, 'Previewing', onProgress), { refresh });
    return { stack, previewed, isEmptied: !program };
  };
  const planned = await stages.run('preview', plan, ({ previewed }) => describeCounts(previewed));
  recordChanges(report, planned.previewed);
  return planned;
}

/** The stack; without a program it comes to hold nothing. */
export function openLinks({ workspace }: Pick<Run, 'workspace'>, program = async () => {}): Promise<Stack> {
  return workspace.open({ name: fleetLinks.name, program, swarm: openSwarm([]) });
}

interface Applying {
  stages: Stages;
  approve: Approve;
  stage: 'up' | 'destroy';
}

async function applyLinks(
  run: Run,
  plan: PlannedLinks,
  { stages, approve, stage }: Applying,
): Promise<Outcome> {
  const { stack, previewed, isEmptied } = plan;
  const context = { run, cluster: fleetLinks };
  if (hasChanges(previewed)) {
    await stages.run('guard', () => approve(fleetLinks, previewed));
    const apply = (onProgress: (message: string) => void) =>
      stack.up(operation(context, stage === 'up' ? 'Changing' : 'Removing', onProgress), previewed);
    await stages.run(stage, apply, describeCounts);
  } else if (previewed.found && hasChanges(previewed.found)) {
    await stages.run('refresh', (onProgress) =>
      stack.refresh(operation(context, 'Refreshing the state', onProgress)),
    );
  }
  if (isEmptied) await stack.forget(operation(context, 'Forgetting the stack', () => {}));
  return outcomeOf(plan);
}

function outcomeOf({ previewed }: PlannedLinks): Outcome {
  return hasChanges(previewed) ? 'updated' : 'unchanged';
}
