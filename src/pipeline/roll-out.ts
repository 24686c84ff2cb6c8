import type { Emit } from '../events.ts';
import type { Cluster, Rollout } from '../fleet/model.ts';
import type { ClusterReport } from '../report/report.ts';
import { emptyReport } from './cluster.ts';
import { mapParallel } from './parallel.ts';

/** How the clusters of a run take turns. */
export interface Turns {
  rollout: Rollout | undefined;
  /** Clusters at the same time, at most. */
  parallel: number;
  emit: Emit;
  /** @param soakMs how long a canary has to stay healthy. */
  work(cluster: Cluster, soakMs?: number): Promise<ClusterReport>;
  /** Returns a cluster to what ran before this run; the report that it has then. */
  rollBack(cluster: Cluster, report: ClusterReport, reason: string): Promise<ClusterReport>;
}

/** One turn: its clusters at the same time, as far as the limit allows. */
export interface Turn {
  clusters: Cluster[];
  limit: number;
  /** Milliseconds, of a canary. */
  soakMs?: number;
}

/** The turns in their order. Without a rollout it is one for all. */
export function planTurns(
  clusters: readonly Cluster[],
  { rollout, parallel }: Pick<Turns, 'rollout' | 'parallel'>,
): Turn[] {
  if (!rollout) return [{ clusters: [...clusters], limit: parallel }];
  const { order, canary } = rollout;
  const inOrder = clusters.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const limit = Math.min(rollout.maxParallel, parallel);
  if (!canary) return [{ clusters: inOrder, limit }];
  const turns = [
    { clusters: inOrder.slice(0, 1), limit: 1, soakMs: canary.soakMs },
    { clusters: inOrder.slice(1), limit },
  ];
  return turns.filter((turn) => turn.clusters.length > 0);
}

/**
 * Does the work for each cluster when it is its turn. After a failure the others keep what they have, go back, or go
 * on, as the rollout says.
 * @returns one result for each, in the order of `clusters`.
 */
export async function rollOut(clusters: readonly Cluster[], turns: Turns): Promise<ClusterReport[]> {
  const policy = turns.rollout?.onFailure ?? 'continue';
  const reports = new Map<string, ClusterReport>();
  const failed = () => [...reports.values()].find(({ error }) => error !== undefined);
  for (const { clusters: inTurn, limit, soakMs } of planTurns(clusters, turns)) {
    await mapParallel(inTurn, limit, async (cluster) => {
      const stopper = policy === 'continue' ? undefined : failed();
      const report = stopper
        ? skipped(cluster, tooLate(stopper), turns.emit)
        : await turns.work(cluster, soakMs);
      reports.set(cluster.name, report);
    });
  }
  const stopper = failed();
  if (policy === 'rollback' && stopper) await rollBackAll(clusters, reports, stopper, turns);
  return clusters.flatMap(({ name }) => reports.get(name) ?? []);
}

function tooLate({ name }: ClusterReport): string {
  return `Cluster ${name} failed before it was this one's turn.`;
}

/** The result of a cluster that nothing is done to. */
export function skipped({ name, region }: Cluster, reason: string, emit: Emit): ClusterReport {
  const report: ClusterReport = { ...emptyReport(name, region), outcome: 'skipped', reason };
  emit({ type: 'cluster-finished', cluster: name, result: report });
  return report;
}

/** Those that were changed last go back first; the one that failed, too, as far as it was changed. */
async function rollBackAll(
  clusters: readonly Cluster[],
  reports: Map<string, ClusterReport>,
  stopper: ClusterReport,
  { rollBack }: Turns,
): Promise<void> {
  const reason = `Cluster ${stopper.name} failed, and the rollout says on-failure: rollback.`;
  for (const [name, report] of [...reports].reverse()) {
    const cluster = clusters.find((one) => one.name === name);
    const wasChanged = report.stages.some((stage) => stage.name === 'up') && report.steps.length > 0;
    if (cluster && wasChanged) reports.set(name, await rollBack(cluster, report, reason));
  }
}
