const msByUnit = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const usByUnit = { us: 1, ms: 1e3, s: 1e6 };
const bitsByUnit = { Kbit: 1e3, Mbit: 1e6, Gbit: 1e9 };
const bytesByUnit = { M: 1024 ** 2, G: 1024 ** 3 };

/**
 * @param text a duration that the schema has accepted, such as `1.5s`
 * @returns milliseconds
 */
export function parseDuration(text: string): number {
  return parseQuantity(text, msByUnit);
}

/**
 * @param text a duration that the schema has accepted, such as `1.5s`
 * @returns microseconds
 */
export function parseMicroseconds(text: string): number {
  return parseQuantity(text, usByUnit);
}

/**
 * @param text a throughput that the schema has accepted, such as `500Mbit`
 * @returns bits a second
 */
export function parseThroughput(text: string): number {
  return parseQuantity(text, bitsByUnit);
}

/**
 * @param text a percentage that the schema has accepted, such as `0.1%`
 * @returns a share, 0 to 1
 */
export function parseShare(text: string): number {
  return Number(text.replace('%', '')) / 100;
}

/**
 * @param text a memory size that the schema has accepted, such as `512M`
 * @returns bytes, a whole number
 */
export function parseMemory(text: string): number {
  return Math.round(parseQuantity(text, bytesByUnit));
}

function parseQuantity(text: string, factors: Record<string, number>): number {
  const [, amount, unit] = /^([\d.]+)([A-Za-z]+)$/.exec(text) ?? [];
  const factor = factors[unit ?? ''];
  if (factor === undefined) throw new Error(`not a quantity: ${text}`);
  return Number(amount) * factor;
}
