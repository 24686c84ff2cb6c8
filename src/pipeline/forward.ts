import type { ClusterContext } from './cluster.ts';
import { readHistory } from './history.ts';

/** The files stay the truth: what was rolled back goes forward again, which the reader may not expect. */
export async function tellForward({ run, cluster }: ClusterContext): Promise<void> {
  const records = await readHistory(run.state.folder);
  const last = records.findLast((record) => record.clusters[cluster.name]?.outcome === 'updated');
  if (last?.to === undefined) return;
  const message = `Version ${last.version} had gone back to version ${last.to}: this goes forward again, to what the files say now.`;
  run.emit({ type: 'note', level: 'warning', message, cluster: cluster.name });
}
