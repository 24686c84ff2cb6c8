const nanoseconds: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/**
 * Nanoseconds of a duration as `docker stack config` prints it, such as `1m30s` or `1.5s`; undefined stays undefined.
 * @throws RangeError for anything else
 */
export function durationNs(duration: string): number;
export function durationNs(duration: string | undefined): number | undefined;
export function durationNs(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  if (!/^-?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(duration))
    throw new RangeError(`no duration: ${duration}`);
  const parts = [...duration.matchAll(/([\d.]+)([a-zµ]+)/g)];
  const sum = parts.reduce(
    (total, [, value, unit]) => total + Number(value) * (nanoseconds[unit ?? ''] ?? 0),
    0,
  );
  return Math.round(duration.startsWith('-') ? -sum : sum);
}

/**
 * Billionths of a processor from a decimal number such as `0.5`; undefined stays undefined.
 * @throws RangeError for anything else and for more than nine decimals
 */
export function nanoCpus(cpus: string | undefined): number | undefined {
  if (cpus === undefined) return undefined;
  const [, whole = '', decimals = ''] = /^(\d*)(?:\.(\d{0,9})0*)?$/.exec(cpus) ?? [];
  if (whole + decimals === '') throw new RangeError(`no number of processors: ${cpus}`);
  return Number(whole + decimals.padEnd(9, '0'));
}
