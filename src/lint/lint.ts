import type { ComposeFile } from '../compose/model.ts';
import type { LintFinding } from '../report/lint-report.ts';
import { faultsOf } from './rules.ts';

/** The compose files as one cluster has them. */
export interface ClusterCompose extends Pick<ComposeFile, 'model' | 'locate'> {
  cluster: string;
}

/** What is wrong with the services of the compose files; what is the same in several clusters is one finding. */
export function lintCompose(files: readonly ClusterCompose[]): LintFinding[] {
  const findings = new Map<string, LintFinding>();
  for (const { cluster, model, locate } of files) {
    for (const [service, definition] of Object.entries(model.services)) {
      for (const { path, ...fault } of faultsOf(definition)) {
        // Not by its place: what is missing is missing where an override of another cluster stands, too.
        const key = JSON.stringify([service, path, fault.rule, fault.message]);
        const position = locate('services', service, ...path);
        const found = findings.get(key);
        if (found) found.clusters.push(cluster);
        else findings.set(key, { ...fault, service, position, clusters: [cluster] });
      }
    }
  }
  return [...findings.values()];
}
