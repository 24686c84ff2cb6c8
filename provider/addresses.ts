import { BlockList, isIP } from 'node:net';
import type { Shell } from '../src/docker/shell.ts';
import { SwarmctlError } from '../src/errors.ts';
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

/** The addresses that a machine itself has. */
export interface OwnAddresses {
  /** The one that it was reached at, as it sees it. */
  reachedAt?: string;
  all: { interface: string; address: string }[];
}

const swarmPort = 2377;
const lookDeadlineMs = 20_000;

/** Where there is no `ip`, which interface has an address is not told. */
const lookScript = `
set -- \${SSH_CONNECTION:-}
echo "reached \${3:-}"
if command -v ip >/dev/null; then
  ip -o addr show | while read -r _ name _ address _; do echo "address $name \${address%/*}"; done
else
  for address in $(hostname -I); do echo "address - $address"; done
fi`;

/**
 * The addresses that a machine is to have in a swarm, looked up on it where they are not given.
 * @throws SwarmctlError `config` where it has no such address.
 */
export async function resolveAddresses(context: Context, machine: MachineAddresses): Promise<SwarmAddresses> {
  const { endpoint, advertiseAddress, dataPathAddress } = machine;
  const shell = context.shell(endpoint);
  const advertise = await resolveAddress(shell, advertiseAddress);
  const dataPath = dataPathAddress === undefined ? undefined : await resolveAddress(shell, dataPathAddress);
  return {
    ListenAddr: `${isIP(advertise) === 6 ? '[::]' : '0.0.0.0'}:${swarmPort}`,
    AdvertiseAddr: advertise,
    ...(dataPath !== undefined && { DataPathAddr: dataPath }),
  };
}

/**
 * One address of a machine. Where no command can be run on it, its engine is left to look up an interface, or to
 * choose.
 * @param wanted an address, an interface, a CIDR range, or empty.
 * @throws SwarmctlError `config` where it has no such address.
 */
export async function resolveAddress(shell: Shell, wanted: string): Promise<string> {
  if (isIP(wanted)) return wanted;
  try {
    const { stdout } = await shell.run(lookScript, {
      what: 'asking for its addresses',
      deadlineMs: lookDeadlineMs,
    });
    return chooseAddress(readAddresses(stdout), wanted, shell.endpoint);
  } catch (error) {
    if (error instanceof SwarmctlError && error.code === 'no-shell') return wanted;
    throw error;
  }
}

/** Addresses that others can reach: not those of the machine alone, of a link, or of its containers' networks. */
export function readAddresses(said: string): OwnAddresses {
  const lines = said.split('\n').map((line) => line.trim().split(' '));
  const reachedAt = lines.find(([what]) => what === 'reached')?.[1];
  const all = lines
    .filter(([what]) => what === 'address')
    .map(([, name = '', address = '']) => ({ interface: name.replace(/@.*/, ''), address }))
    .filter((one) => isIP(one.address) !== 0 && !/^(127\.|::1$|fe80:|169\.254\.)/i.test(one.address))
    .filter((one) => !/^(docker|veth|br-)/.test(one.interface));
  return { ...(reachedAt && isIP(reachedAt) && { reachedAt }), all };
}

/** The choice alone. @throws SwarmctlError `config` */
export function chooseAddress({ reachedAt, all }: OwnAddresses, wanted: string, endpoint: string): string {
  const found =
    wanted === ''
      ? (reachedAt ?? all[0]?.address)
      : all.find((one) => (wanted.includes('/') ? isWithin(one.address, wanted) : one.interface === wanted))
          ?.address;
  if (found !== undefined) return found;
  const has = all.map((one) => `${one.interface} ${one.address}`);
  throw new SwarmctlError('config', `The machine at ${endpoint} has no address ${placeOf(wanted)}.`, {
    details: has.length > 0 ? has : ['it has none that others could reach'],
    hint: 'Say in the fleet file by `advertise` or `data-path` which of these the other machines reach it at.',
  });
}

function placeOf(wanted: string): string {
  if (wanted === '') return 'that others reach it at';
  return wanted.includes('/') ? `in ${wanted}` : `on an interface ${wanted}`;
}

function isWithin(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return isIP(address) === isIP(network) && list.check(address, family);
}
