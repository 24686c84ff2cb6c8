import type { Swarm } from '../docker/swarm.ts';
import type { PathMtu } from '../report/bench-result.ts';

/** Driver options of an overlay network (moby, libnetwork/drivers/overlay). */
export type OverlayOptions = Record<string, string>;

const mtuOption = 'com.docker.network.driver.mtu';
const encryptedOption = 'encrypted';

/** What the overlay driver takes the nodes' network to carry, where nothing is said, in bytes. */
const defaultUnderlayMtu = 1500;
/** What VXLAN puts around a packet, and what encryption adds (both ov_network.go), in bytes. */
const vxlanBytes = 50;
const espBytes = 26;

/**
 * The options of the probes' overlay: those of the fleet's own overlays, so that what is measured is what the apps have.
 * Where these differ, the largest MTU, and encryption if one has it.
 * @param stack whose networks.
 */
export async function overlayOptions(swarm: Swarm, stack: string): Promise<OverlayOptions> {
  const filters = { driver: ['overlay'], label: [`com.docker.stack.namespace=${stack}`] };
  const networks = await swarm.ask('listing the overlay networks', (api) => api.listNetworks({ filters }));
  const all = networks.map(({ Options }) => Options ?? {});
  const mtu = Math.max(0, ...all.map((options) => Number(options[mtuOption] ?? 0)));
  return {
    ...(mtu > 0 && { [mtuOption]: String(mtu) }),
    ...(all.some(isEncrypted) && { [encryptedOption]: 'true' }),
  };
}

/** The driver goes by whether the option is there, and not false. */
export function isEncrypted(options: OverlayOptions): boolean {
  const value = options[encryptedOption];
  return value !== undefined && value !== 'false';
}

/** The MTU that containers get, in bytes: the nodes' one less what is put around each packet (ov_network.go, maxMTU). */
export function overlayMtu(options: OverlayOptions): number {
  return fitting(Number(options[mtuOption] ?? defaultUnderlayMtu), isEncrypted(options));
}

function fitting(underlay: number, encrypted: boolean): number {
  if (!encrypted) return underlay - vxlanBytes;
  const left = underlay - vxlanBytes - espBytes;
  return left - (left % 4);
}

/**
 * What is wrong with the MTU of a path, with its fix; undefined where nothing is.
 * @param overlay what was probed over the overlay.
 * @param underlay the largest packet that arrived undivided between the nodes themselves, in bytes.
 */
export function mtuFinding(
  overlay: Omit<PathMtu, 'finding'>,
  underlay: number | undefined,
  encrypted: boolean,
): string | undefined {
  const fits = underlay === undefined ? undefined : fitting(underlay, encrypted);
  if (fits !== undefined && overlay.configured > fits) {
    return `The overlay's MTU is ${overlay.configured}, but the ${underlay} bytes that the nodes' network carries leave ${fits}: larger packets are divided or lost. Set driver_opts ${mtuOption}: "${underlay}" on the overlay networks.`;
  }
  if (overlay.probed < overlay.configured) {
    return `The overlay's MTU is ${overlay.configured}, but packets arrive only up to ${overlay.probed} bytes. Set driver_opts ${mtuOption}: "${overlay.probed + overhead(encrypted)}" on the overlay networks.`;
  }
  if (!overlay.bulk) {
    return `Small packets pass and a bulk transfer does not: something on the way drops full packets of ${overlay.configured} bytes. Set a lower ${mtuOption} in driver_opts of the overlay networks, and let ICMP "fragmentation needed" through.`;
  }
  return undefined;
}

function overhead(encrypted: boolean): number {
  return vxlanBytes + (encrypted ? espBytes : 0);
}
