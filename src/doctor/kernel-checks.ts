import { poolOfSlot } from '../address-plan.ts';
import { rangesOverlap } from '../ip-range.ts';
import { machinesRange } from '../pipeline/subnets.ts';
import type { Finding } from '../report/report.ts';
import type { Check, Facts, KernelPart, Route } from './facts.ts';

export const checkRoutingMesh: Check = (facts) =>
  judgePart(facts, 'ip_vs', facts.kernel.ipVs, {
    ok: 'The kernel has ip_vs: ingress ports and virtual IPs of services work.',
    bad: {
      status: 'warn',
      message: 'The kernel has no ip_vs: ports in ingress mode and virtual IPs of services carry no traffic.',
      fix: 'Load it (`modprobe ip_vs`) or use a kernel that has it; else use `mode: host` for ports and `endpoint_mode: dnsrr`.',
    },
  });

export const checkVxlan: Check = (facts) =>
  judgePart(facts, 'vxlan', facts.kernel.vxlan, {
    ok: 'The kernel has vxlan: overlay networks work.',
    bad: {
      status: 'fail',
      message: 'The kernel has no vxlan: no overlay network can be made.',
      fix: 'Load it (`modprobe vxlan`), or use a kernel that has it.',
    },
  });

export const checkBridgeNetfilter: Check = (facts) => {
  const { bridgeNetfilter, bridgeCallsIptables } = facts.kernel;
  const fix = '`modprobe br_netfilter && sysctl -w net.bridge.bridge-nf-call-iptables=1`';
  const missing = 'packets between containers of one bridge pass by the firewall, published ports among them';
  if (bridgeCallsIptables === false) {
    const message = `net.bridge.bridge-nf-call-iptables is off: ${missing}.`;
    return judgePart(facts, 'bridge-netfilter', 'missing', { ok: '', bad: { status: 'warn', message, fix } });
  }
  return judgePart(facts, 'bridge-netfilter', bridgeNetfilter, {
    ok: 'The kernel lets bridges pass through the firewall.',
    bad: { status: 'warn', message: `The kernel has no br_netfilter: ${missing}.`, fix },
  });
};

/** Of a kernel that is not the engine's nothing can be said. */
function judgePart(
  { engine }: Facts,
  name: string,
  part: KernelPart,
  words: { ok: string; bad: Omit<Finding, 'name'> },
): Finding {
  if (engine.answers && !engine.isHere)
    return {
      name,
      status: 'unknown',
      message: "The engine runs on another kernel than swarmctl: it can't be seen from here.",
    };
  if (part === 'present') return { name, status: 'ok', message: words.ok };
  if (part === 'missing') return { name, ...words.bad };
  return { name, status: 'unknown', message: 'This system does not tell what its kernel has.' };
}

/** Clusters of a fleet that is not known: those of the quickstart. */
const usualClusters = 2;

export const checkAddresses: Check = ({ kernel: { routes }, fleet }) => {
  const name = 'addresses';
  if (!routes) return { name, status: 'unknown', message: 'The routes of this machine cannot be read.' };
  const clusters = fleet?.clusters.length ?? usualClusters;
  // Slots are given from 0 upwards, and again once a cluster is gone.
  const pools = Array.from({ length: clusters }, (_, slot) => poolOfSlot(slot));
  const clashes = [...pools, machinesRange].flatMap((range) => clashesOf(range, routes));
  const ranges = `${pools.length > 1 ? `${pools[0]} to ${pools.at(-1)}` : pools[0]} and ${machinesRange}`;
  if (clashes.length === 0)
    return { name, status: 'ok', message: `No route of this machine meets ${ranges}.` };
  return {
    name,
    status: 'warn',
    message: `${clashes.join('; ')}: what is there cannot be reached from the nodes or services that have the same addresses.`,
    fix: 'Take the route away (a VPN?) while the fleet runs, or run the fleet where no such route is.',
  };
};

function clashesOf(range: string, routes: Route[]): string[] {
  return routes
    .filter((route) => rangesOverlap(route.range, range))
    .map((route) => `The route to ${route.range} (${route.device}) overlaps ${range}`);
}
