import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { KernelFacts, KernelPart, Route } from './facts.ts';

/** What this kernel has, as far as /proc, /sys and /lib/modules tell; on another system nothing is known. */
export async function collectKernel(): Promise<KernelFacts> {
  const config = await kernelConfig();
  const modules = await installedModules();
  const part = (module: string, option: string) => findPart(module, option, { config, modules });
  const [ipVs, vxlan, bridgeNetfilter, callsIptables, routes] = await Promise.all([
    part('ip_vs', 'CONFIG_IP_VS'),
    part('vxlan', 'CONFIG_VXLAN'),
    part('br_netfilter', 'CONFIG_BRIDGE_NETFILTER'),
    read('/proc/sys/net/bridge/bridge-nf-call-iptables'),
    read('/proc/net/route'),
  ]);
  return {
    ipVs,
    vxlan,
    bridgeNetfilter,
    ...(callsIptables !== undefined && { bridgeCallsIptables: callsIptables.trim() === '1' }),
    ...(routes !== undefined && { routes: parseRoutes(routes) }),
  };
}

/** What a kernel tells of its parts: its build configuration, and the list of its modules. */
export interface KernelSources {
  config: string | undefined;
  modules: string | undefined;
}

async function findPart(module: string, option: string, sources: KernelSources): Promise<KernelPart> {
  const isLoaded = await access(`/sys/module/${module}`).then(
    () => true,
    () => false,
  );
  return isLoaded ? 'present' : judgeSources(module, option, sources);
}

/** Whether a part that is not loaded could be: built in, or a module whose file is there. */
export function judgeSources(module: string, option: string, { config, modules }: KernelSources): KernelPart {
  if (config?.includes(`\n${option}=y\n`)) return 'present';
  if (modules !== undefined) return modules.includes(`/${module}.ko`) ? 'present' : 'missing';
  if (config === undefined) return 'unknown';
  // A module that is built, but whose file is not seen from here, such as inside a container.
  return config.includes(`\n${option}=m\n`) ? 'unknown' : 'missing';
}

/** The kernel's build configuration, with a line end before and behind each option. */
async function kernelConfig(): Promise<string | undefined> {
  const packed = await readFile('/proc/config.gz').catch(() => undefined);
  const text = packed ? String(await promisify(gunzip)(packed)) : await read(`/boot/config-${release()}`);
  return text === undefined ? undefined : `\n${text}\n`;
}

async function installedModules(): Promise<string | undefined> {
  const folder = `/lib/modules/${release()}`;
  const [built, loadable] = await Promise.all([
    read(`${folder}/modules.builtin`),
    read(`${folder}/modules.dep`),
  ]);
  return loadable === undefined ? undefined : `${built ?? ''}\n${loadable}`;
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

/** Docker's own bridges: its networks are known to swarmctl by other means. */
const ofDocker = /^(docker\d|docker_gwbridge$|br-[0-9a-f]{12}$)/;

/** /proc/net/route: addresses are 32-bit numbers in hexadecimal, on little-endian machines with their bytes reversed. */
export function parseRoutes(table: string): Route[] {
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .map(([device = '', destination = '', , , , , , mask = '']) => ({
      device,
      range: rangeOf(destination, mask),
    }))
    .filter(({ device, range }) => !range.endsWith('/0') && !ofDocker.test(device));
}

function rangeOf(destination: string, mask: string): string {
  const address = Buffer.from(destination, 'hex').reverse().join('.');
  const bits = [...BigInt(`0x${mask || '0'}`).toString(2)].filter((bit) => bit === '1').length;
  return `${address}/${bits}`;
}
