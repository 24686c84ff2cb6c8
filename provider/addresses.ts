import { isIPv6 } from 'node:net';
import type { Context } from './resource.ts';

/** By which of its addresses a machine is in a swarm. */
export interface MachineAddresses {
  endpoint: string;
  advertiseAddress: string;
  dataPathAddress?: string;
}

/** The same as the Engine API takes it when a swarm is started or joined. */
export interface SwarmAddresses {
  ListenAddr: string;
  AdvertiseAddr: string;
  DataPathAddr?: string;
}

const swarmPort = 2377;

/** Interfaces are looked up by the engine itself. */
export async function resolveAddresses(
  _context: Context,
  { advertiseAddress, dataPathAddress }: MachineAddresses,
): Promise<SwarmAddresses> {
  return {
    ListenAddr: `${isIPv6(advertiseAddress) ? '[::]' : '0.0.0.0'}:${swarmPort}`,
    AdvertiseAddr: advertiseAddress,
    ...(dataPathAddress !== undefined && { DataPathAddr: dataPathAddress }),
  };
}
