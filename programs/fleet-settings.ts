import * as pulumi from '@pulumi/pulumi';

/** What a fleet keeps for itself, in a small stack of its own. */
export interface FleetSettings {
  /** Key of the hashes in the names of configs and secrets, in hexadecimal. */
  key: string;
  /** The slot of each cluster, from 0: it chooses the cluster's address pool and is never given twice. */
  slots: Record<string, number>;
  /** What was adopted and differs from what swarmctl would have made, by cluster. */
  adopted: Record<string, AdoptedParts>;
  /** Numbers of tasks that were chosen over those of the compose files, by cluster and full name of the service. */
  scales: Record<string, Record<string, ScaleOverride>>;
}

/** A number of tasks that somebody chose with `scale`. */
export interface ScaleOverride {
  replicas: number;
  /** What the compose files said then; when they come to say something else, the override has ended. */
  instead: number;
  /** Such as `alice@laptop`. */
  by: string;
  /** In ISO 8601. */
  since: string;
}

/** What a cluster keeps from the time before it was adopted. */
export interface AdoptedParts {
  /** The range of its overlay networks, which no swarm can change. */
  overlays?: { addressPool: string[]; subnetSize: number };
  /** Ids of configs and secrets that keep their names, by `configs/` or `secrets/` and the name by content. */
  contents: Record<string, string>;
}

/** A program with no resources: its outputs are the settings. */
export function fleetSettingsProgram(settings: FleetSettings): pulumi.automation.PulumiFn {
  const { key, ...open } = settings;
  return async () => ({ key: pulumi.secret(key), ...open });
}
