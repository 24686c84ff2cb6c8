import type { SwarmInputs } from '../provider/swarm.ts';

/** Labels that say whose something is. */
export function ownership(args: { fleet: string; name: string }): Record<string, string> {
  return { 'swarmctl.fleet': args.fleet, 'swarmctl.cluster': args.name };
}

/** What holds for every swarm that swarmctl makes, wherever its machines are. */
export function swarmSettings(args: {
  fleet: string;
  name: string;
  overlays: Pick<SwarmInputs, 'addressPool' | 'subnetSize'>;
  autolock: boolean;
}): Omit<SwarmInputs, 'endpoint' | 'advertiseAddress' | 'dataPathAddress'> {
  return {
    labels: ownership(args),
    ...args.overlays,
    taskHistoryLimit: 5,
    heartbeatSeconds: 5,
    certificateDays: 90,
    autolock: args.autolock,
  };
}
