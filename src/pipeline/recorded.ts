import { hasChanges } from '../engine/changes.ts';
import type { ClusterContext } from './cluster.ts';
import type { HistoryRecord } from './history.ts';
import type { Plan } from './preview.ts';

/** Carries out a plan by `work`, and writes down what it was to bring and how it ended. */
export async function recorded(
  { run, cluster, report }: ClusterContext,
  { changes, apps }: Plan,
  command: Pick<HistoryRecord, 'command' | 'to'>,
  work: () => Promise<void>,
): Promise<void> {
  // What was not previewed is made for the first time.
  if (apps.previewed && !hasChanges(changes)) {
    await work();
    return run.history.settle(cluster.name, apps.wanted);
  }
  const begun = { outcome: 'begun' as const, steps: changes.steps, stack: apps.wanted };
  await run.history.begin(command, cluster.name, begun);
  const finish = (outcome: 'updated' | 'failed', error?: string) =>
    run.history.finish(cluster.name, outcome, { steps: report.steps, ...(error !== undefined && { error }) });
  try {
    await work();
  } catch (error) {
    await finish('failed', error instanceof Error ? error.message : String(error));
    throw error;
  }
  await finish('updated');
}
