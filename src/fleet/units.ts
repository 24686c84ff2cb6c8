const msByUnit = { us: 0.001, ms: 1, s: 1000 };
const bytesByUnit = { M: 1024 ** 2, G: 1024 ** 3 };

/**
 * @param text a duration that the schema has accepted, such as `1.5s`
 * @returns milliseconds
 */
export function parseDuration(text: string): number {
  return parseQuantity(text, msByUnit);
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
