import type { LiveSwarm, Written } from '../docker/live-swarm.ts';
import { nodeName } from '../docker/node-name.ts';
import type { ComparedResource } from '../engine/compared.ts';
import type { DriftFinding } from '../report/report.ts';
import { differingFields } from './drift-fields.ts';

/**
 * What somebody changed: resources that differ from the state, and those that are gone.
 * @param live the swarm that they are in, by which it is told since when.
 */
export function driftFindings(compared: readonly ComparedResource[], live?: LiveSwarm): DriftFinding[] {
  const written = live ? writtenById(live) : new Map<string, Written>();
  return compared.flatMap((resource): DriftFinding[] => {
    const { type, name, id, found, paths } = resource;
    const subject = { kind: 'drift', type, name, level: 'problem' } as const;
    if (!found) return [{ ...subject, check: 'gone', message: goneMessage(resource, live), fields: [] }];
    if (paths.length === 0) return [];
    const last = written.get(id);
    const when = last ? { since: last.UpdatedAt, version: last.Version.Index } : {};
    return [{ ...subject, check: 'changed', fields: differingFields(resource), ...when }];
  });
}

function writtenById({ info, nodes, services, configs, secrets }: LiveSwarm): Map<string, Written> {
  return new Map([info, ...nodes, ...services, ...configs, ...secrets].map((one) => [one.ID, one]));
}

/** One that was removed and made again under its name is another one. */
function goneMessage({ type, name }: ComparedResource, live: LiveSwarm | undefined): string {
  return live && namesOf(live)[type]?.includes(name)
    ? 'is gone; there is another one of this name'
    : 'is gone';
}

function namesOf({ services, networks, configs, secrets, nodes }: LiveSwarm): Record<string, string[]> {
  return {
    Service: services.map(({ Spec }) => Spec.Name),
    Network: networks.map(({ Name }) => Name),
    Config: configs.map(({ Spec }) => Spec.Name),
    Secret: secrets.map(({ Spec }) => Spec.Name),
    Node: nodes.map(nodeName),
  };
}
