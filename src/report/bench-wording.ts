import { formatLatency } from './wording.ts';

/** Microseconds in milliseconds with two significant digits: `0.066 ms`. */
export function formatMicroseconds(microseconds: number): string {
  return formatLatency(microseconds / 1_000);
}

/** The same without the unit, for tables that name it once. */
export function shortMicroseconds(microseconds: number): string {
  return formatMicroseconds(microseconds).replace(' ms', '');
}

/** `2.1 Gbit/s`, `640 Mbit/s`. */
export function formatThroughput(bitsPerSecond: number): string {
  const [size, unit] = bitsPerSecond >= 1e9 ? [1e9, 'Gbit/s'] : [1e6, 'Mbit/s'];
  const amount = bitsPerSecond / size;
  return `${amount >= 100 ? Math.round(amount) : Number(amount.toPrecision(2))} ${unit}`;
}

/** A share from 0 to 1 as `0.12 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent >= 10 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

/**
 * Names of nodes without what all have in common at their beginning, at least the role and the number left:
 * `manager-1` of `shop-us-east-1-manager-1`.
 */
export function shortNames(names: readonly string[]): Map<string, string> {
  const parts = names.map((name) => name.split('-'));
  const [first = []] = parts;
  const differs = first.findIndex((part, index) => parts.some((other) => other[index] !== part));
  const common = differs === -1 ? first.length : differs;
  const dropped = Math.min(common, ...parts.map(({ length }) => Math.max(0, length - 2)));
  return new Map(names.map((name) => [name, name.split('-').slice(dropped).join('-')]));
}
