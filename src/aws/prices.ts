import table from './prices.json' with { type: 'json' };

/** What a region charges: US dollars an hour, for `gp3` a GB and month. */
interface RegionPrices {
  /** Availability zones that every account has there, three at most. */
  zones: number;
  gp3: number;
  nat: number;
  nlb: number;
  /** Of the size `large` of each family; AWS prices the other sizes as multiples of it. */
  large: Readonly<Partial<Record<string, number>>>;
}

interface Family {
  architecture: Architecture;
  /** The smallest and the largest size. */
  from: string;
  to: string;
}

export type Architecture = 'amd64' | 'arm64';

const regions: Readonly<Record<string, RegionPrices>> = table.regions;
const families = table.families as Readonly<Record<string, Family>>;
const sizes: Readonly<Record<string, number>> = table.sizes;

/** When the prices were valid, and where they are from. */
export const priceTable = { date: table.date, source: table.source, currency: table.currency };

/** US dollars: an hour of a public IPv4 address and of an accelerator, a GB between two zones (both directions). */
export const everywhere = {
  publicIpv4: table.everywhere['public-ipv4'],
  betweenZones: table.everywhere['between-zones'],
  accelerator: table.everywhere.accelerator,
};

export const awsRegions: readonly string[] = Object.keys(regions);

/** @throws for a region that is not in the table, which the fleet file is refused with. */
export function pricesOf(region: string): RegionPrices {
  const prices = regions[region];
  if (!prices) throw new Error(`no prices of the region ${region}`);
  return prices;
}

/** Instance types, such as `t3.medium`, that the table knows the price of in a region. */
export function instanceTypes(region: string): string[] {
  return Object.keys(pricesOf(region).large).flatMap((family) =>
    sizesOf(family).map((size) => `${family}.${size}`),
  );
}

/** US dollars an hour. */
export function instancePrice(region: string, type: string): number {
  const { family, size } = parts(type);
  const price = (pricesOf(region).large[family] ?? Number.NaN) * (sizes[size] ?? Number.NaN);
  if (Number.isNaN(price)) throw new Error(`no price of ${type} in ${region}`);
  return price;
}

export function architectureOf(type: string): Architecture {
  return families[parts(type).family]?.architecture ?? 'amd64';
}

function sizesOf(family: string): string[] {
  const { from = '', to = '' } = families[family] ?? {};
  const names = Object.keys(sizes);
  return names.slice(names.indexOf(from), names.indexOf(to) + 1);
}

function parts(type: string): { family: string; size: string } {
  const [family = '', size = ''] = type.split('.');
  return { family, size };
}
