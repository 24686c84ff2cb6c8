import { describeCounts } from '../engine/changes.ts';
import type { ClusterReport, DriftFinding } from '../report/report.ts';
import { whileIdle } from './busy.ts';
import type { CheckRun } from './check-run.ts';
import { operation } from './cluster.ts';
import { type CheckOptions, judgeFindings, outcomeOf } from './drift-check.ts';
import { driftFindings } from './drift-findings.ts';
import { fleetLinks, hasLinks, linksOf, ofLinks, openLinks } from './links.ts';
import { pendingFindings } from './pending-changes.ts';
import type { Run } from './run.ts';
import type { Stages } from './stages.ts';

/**
 * Compares what lies between the clusters with its state. Nothing is written, anywhere.
 * @param pending what the files would change, where that is asked for too.
 * @returns its one result; undefined where there is nothing to compare.
 */
export async function checkLinks(
  run: CheckRun,
  options: Pick<CheckOptions, 'recognise'>,
  pending?: (stages: Stages) => Promise<DriftFinding[]>,
): Promise<ClusterReport | undefined> {
  const isThere = run.existing.has(fleetLinks.name);
  if (!isThere && !(pending && hasLinks(run))) return undefined;
  return ofLinks(run, async (stages, report) => {
    const idle = {
      project: run.fleet.name,
      cluster: fleetLinks,
      state: run.state,
      stacks: [fleetLinks.name],
    };
    const { compared, findings } = await whileIdle(idle, async () => {
      const found = isThere ? await compareLinks(run, stages) : [];
      return {
        compared: found.length,
        findings: [...driftFindings(found), ...((await pending?.(stages)) ?? [])],
      };
    });
    report.drift = { compared, findings: judgeFindings(run, fleetLinks, findings, options) };
    return outcomeOf(report);
  });
}

function compareLinks(run: CheckRun, stages: Stages) {
  const compare = async (onProgress: (message: string) => void) => {
    const stack = await openLinks(run);
    return stack.compare(operation({ run, cluster: fleetLinks }, 'Comparing', onProgress));
  };
  return stages.run('check', compare, ({ length }) => `${length} resources compared`);
}

/** What the files ask for between the clusters and the state has not got. */
export async function pendingLinks(run: Run, stages: Stages): Promise<DriftFinding[]> {
  const { program } = await linksOf(run, run.existing);
  if (!program && !run.existing.has(fleetLinks.name)) return [];
  const preview = async (onProgress: (message: string) => void) => {
    const stack = await openLinks(run, program);
    return stack.preview(operation({ run, cluster: fleetLinks }, 'Previewing', onProgress));
  };
  try {
    return pendingFindings(await stages.run('preview', preview, describeCounts));
  } finally {
    await run.workspace.removePlans(fleetLinks.name);
  }
}
