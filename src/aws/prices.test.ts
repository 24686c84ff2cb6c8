import { expect, test } from 'vitest';
import { architectureOf, awsRegions, instancePrice, instanceTypes, pricesOf } from './prices.ts';

test.each([
  ['us-east-1', 't3.medium', 0.0416],
  ['us-east-1', 'm7g.xlarge', 0.1632],
  ['us-east-1', 'c6i.4xlarge', 0.68],
  ['eu-west-1', 't4g.micro', 0.0092],
  ['eu-west-1', 'm6i.large', 0.107],
])('an hour in %s of %s costs %f dollars', (region, type, price) => {
  expect(instancePrice(region, type)).toBeCloseTo(price, 6);
});

test('every region has prices of everything, and two zones or more', () => {
  expect(awsRegions.length).toBeGreaterThan(10);
  for (const region of awsRegions) {
    const { zones, gp3, nat, nlb } = pricesOf(region);
    expect([2, 3]).toContain(zones);
    expect(Math.min(gp3, nat, nlb)).toBeGreaterThan(0);
    expect(instanceTypes(region)).toContain('t3.medium');
    for (const type of instanceTypes(region)) expect(instancePrice(region, type)).toBeGreaterThan(0);
  }
});

test('sizes that a family does not have are not listed', () => {
  expect(instanceTypes('us-east-1')).toContain('m6i.16xlarge');
  expect(instanceTypes('us-east-1')).not.toContain('m6i.medium');
  expect(instanceTypes('us-east-1')).not.toContain('t3.4xlarge');
});

test('processors', () => {
  expect(architectureOf('t4g.small')).toBe('arm64');
  expect(architectureOf('t3.small')).toBe('amd64');
});
