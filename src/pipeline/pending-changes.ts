import type { StackChanges } from '../engine/changes.ts';
import type { Cluster } from '../fleet/model.ts';
import type { DriftFinding } from '../report/report.ts';
import { buildApps } from './build.ts';
import { emptyReport, withContext } from './cluster.ts';
import { previewCluster } from './preview.ts';
import type { Run } from './run.ts';
import type { Stages } from './stages.ts';

/** What the files ask for and the state has not got: the programs run, and are compared with the state alone. */
export function pendingChanges(run: Run, cluster: Cluster, stages: Stages): Promise<DriftFinding[]> {
  const report = emptyReport(cluster.name, cluster.region);
  return withContext(run, cluster, { stages, report }, async (context) => {
    const apps = await buildApps(context);
    const { changes } = await previewCluster(context, apps, { isNew: false, refresh: false });
    return pendingFindings(changes);
  });
}

/** What a preview that compared the files with the state alone has found. */
export function pendingFindings({ steps }: StackChanges): DriftFinding[] {
  return steps.map(({ op, type, name, fields }) => ({
    kind: 'pending',
    type,
    name,
    check: op,
    message: pendingMessages[op],
    fields: fields.map((path) => ({ path })),
    level: 'problem',
  }));
}

const pendingMessages = {
  create: 'is in the files and was not made yet',
  update: 'was changed in the files',
  replace: 'was changed in the files, and has to be made anew',
  delete: 'is not in the files any more',
};
