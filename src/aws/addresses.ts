/** The IPv4 ranges of a cluster's subnets, one of each kind per zone. */
export interface Subnets {
  public: string[];
  private: string[];
}

/** A VPC is cut into eight: four public subnets at most, and four private ones. */
const cutBits = 3;
const privateFrom = 4;

/**
 * @param vpc in CIDR form, such as 10.10.0.0/16
 * @param zones four at most
 */
export function subnetsOf(vpc: string, zones: number): Subnets {
  const indexes = Array.from({ length: zones }, (_, zone) => zone);
  return {
    public: indexes.map((zone) => nthSubnet(vpc, cutBits, zone)),
    private: indexes.map((zone) => nthSubnet(vpc, cutBits, privateFrom + zone)),
  };
}

/** As Terraform's `cidrsubnet`: the range with this number among those that are longer by some bits. */
export function nthSubnet(cidr: string, moreBits: number, index: number): string {
  const [address = '', prefix = ''] = cidr.split('/');
  const length = Number(prefix) + moreBits;
  const start = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return `${dotted(start + index * 2 ** (32 - length))}/${length}`;
}

/** A /28 of a subnet that managers have their addresses from, so that each keeps its own when it is replaced. */
const managerPrefix = 28;

export function managerRange(subnet: string): string {
  return nthSubnet(subnet, managerPrefix - Number(subnet.split('/')[1]), 1);
}

/** @param index of the manager in the cluster, from 0; below 16. */
export function managerAddress(subnet: string, index: number): string {
  return nthSubnet(managerRange(subnet), 32 - managerPrefix, index).replace('/32', '');
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}
