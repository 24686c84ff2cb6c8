import type { Emit } from '../events.ts';
import type { CheckRun } from '../pipeline/check-run.ts';
import type { Run } from '../pipeline/run.ts';
import { describeFinding } from '../report/drift.ts';
import type { ClusterReport } from '../report/report.ts';

/** What may have drifted: a cluster, or what lies between them, which may not be there. */
interface Subject<Found extends ClusterReport | undefined> {
  name: string;
  check(run: CheckRun): Promise<Found>;
  up(run: Run): Promise<Found>;
}

/** Checks, brings back what drifted by `up` with all its guards, and checks again: what counts is what is left. */
export async function fixDrift<Found extends ClusterReport | undefined>(
  run: CheckRun,
  fullRun: () => Promise<Run>,
  { name, check, up }: Subject<Found>,
): Promise<Found | ClusterReport> {
  const { emit } = run;
  const quietly = { ...run, emit: unfinished(emit) };
  const end = <Result extends Found | ClusterReport>(result: Result): Result => {
    if (result) emit({ type: 'cluster-finished', cluster: name, result });
    return result;
  };
  const found = await check(quietly);
  const fixable = found?.drift?.findings.filter((one) => one.level === 'problem' && isFixable(one)) ?? [];
  if (fixable.length === 0) return end(found);
  for (const finding of fixable)
    emit({ type: 'note', level: 'info', message: describeFinding(finding), cluster: name });
  const result = await up({ ...(await fullRun()), emit: quietly.emit });
  if (!result) return end(result);
  if (result.error || !found?.drift) return end({ ...result, ...(found?.drift && { drift: found.drift }) });
  const after = await check(quietly);
  if (!after) return end(result);
  const { drift, error } = after;
  return end({
    ...result,
    stages: [...found.stages, ...result.stages, ...after.stages],
    outcome: after.outcome === 'unchanged' ? 'updated' : after.outcome,
    ...(drift && { drift: { ...drift, fixed: fixable } }),
    ...(error && { error }),
  });
}

/** No run starts an engine that is down, or sets a clock; `up` unlocks, and loads images. */
function isFixable({ kind, check }: { kind: string; check: string }): boolean {
  return kind !== 'fault' || check === 'image' || check === 'locked';
}

/** The steps in between are no result of a cluster. */
function unfinished(emit: Emit): Emit {
  return (event) => {
    if (event.type !== 'cluster-finished') emit(event);
  };
}
