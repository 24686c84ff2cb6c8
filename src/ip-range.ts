import { isIPv4 } from 'node:net';

/** Two CIDR ranges overlap when they agree in the bits of the shorter prefix; IPv6 never meets IPv4. */
export function rangesOverlap(one: string, other: string): boolean {
  const prefix = Math.min(prefixLength(one), prefixLength(other));
  return isIPv4(addressOf(other)) && bits(one).slice(0, prefix) === bits(other).slice(0, prefix);
}

function addressOf(cidr: string): string {
  return cidr.split('/')[0] ?? '';
}

function prefixLength(cidr: string): number {
  return Number(cidr.split('/')[1]);
}

function bits(cidr: string): string {
  const bytes = addressOf(cidr).split('.').map(Number);
  return bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
}
