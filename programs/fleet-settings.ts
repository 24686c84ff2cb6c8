import * as pulumi from '@pulumi/pulumi';

/** What a fleet keeps for itself, in a small stack of its own. */
export interface FleetSettings {
  /** Key of the hashes in the names of configs and secrets, in hexadecimal. */
  key: string;
  /** The slot of each cluster, from 0: it chooses the cluster's address pool and is never given twice. */
  slots: Record<string, number>;
  /** What was adopted and differs from what swarmctl would have made, by cluster. */
  adopted: Record<string, AdoptedParts>;
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
  return async () => ({ key: pulumi.secret(settings.key), slots: settings.slots, adopted: settings.adopted });
}
