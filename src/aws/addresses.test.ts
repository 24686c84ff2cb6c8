import { expect, test } from 'vitest';
import { poolRanges, vpcOfSlot, vpcRanges } from '../address-plan.ts';
import { rangesOverlap } from '../ip-range.ts';
import { nthSubnet, subnetsOf } from './addresses.ts';

test('64 VPCs share no address, neither with each other nor with an overlay network', () => {
  const ranges = [...vpcRanges, ...poolRanges];
  const overlaps = ranges.flatMap((one, index) =>
    ranges.slice(index + 1).flatMap((other) => (rangesOverlap(one, other) ? [`${one} ${other}`] : [])),
  );
  expect(ranges).toHaveLength(128);
  expect(overlaps).toEqual([]);
});

test('the subnets of a VPC', () => {
  expect(subnetsOf(vpcOfSlot(0), 3)).toEqual({
    public: ['10.10.0.0/19', '10.10.32.0/19', '10.10.64.0/19'],
    private: ['10.10.128.0/19', '10.10.160.0/19', '10.10.192.0/19'],
  });
  expect(subnetsOf('172.16.8.0/22', 2)).toEqual({
    public: ['172.16.8.0/25', '172.16.8.128/25'],
    private: ['172.16.10.0/25', '172.16.10.128/25'],
  });
});

test('they lie in the VPC and share no address', () => {
  const { public: open, private: closed } = subnetsOf('192.168.0.0/20', 4);
  const all = [...open, ...closed];
  expect(all.every((subnet) => rangesOverlap(subnet, '192.168.0.0/20'))).toBe(true);
  for (const [index, subnet] of all.entries())
    expect(all.slice(index + 1).filter((other) => rangesOverlap(subnet, other))).toEqual([]);
});

test.each([
  ['10.0.0.0/8', 8, 255, '10.255.0.0/16'],
  ['198.51.100.0/24', 1, 1, '198.51.100.128/25'],
])('%s, %i bits longer, number %i is %s', (cidr, bits, index, subnet) => {
  expect(nthSubnet(cidr, bits, index)).toBe(subnet);
});
