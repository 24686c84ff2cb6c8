import { expect, test } from 'vitest';
import type { AwsCluster, Cluster, Fleet } from '../fleet/model.ts';
import { fleetCost } from './cost.ts';

const aws: AwsCluster = {
  instanceType: 't3.medium',
  engine: '26',
  sshCidrs: [],
  subnets: 'public',
  nat: 'none',
  loadBalancer: 'none',
};

function cluster(name: string, own: Partial<Cluster> = {}): Cluster {
  const nothing = { labels: {}, env: {}, overrides: [], drainManagers: false, autolock: false };
  return { name, region: name, managers: 3, workers: 0, ...nothing, aws, ...own };
}

const fleet = { target: 'aws', aws: { link: false } } as Fleet;

test('three small managers with public addresses', () => {
  const { clusters, monthly, prices } = fleetCost(fleet, [cluster('us-east-1')]);
  expect(clusters[0]?.items).toEqual([
    { what: 't3.medium', quantity: 3, monthly: 91.1 },
    { what: 'gp3 volume of 30 GB', quantity: 3, monthly: 7.2 },
    { what: 'public IPv4 address', quantity: 3, monthly: 10.95 },
    { what: 'GB between zones', quantity: 30, monthly: 0.6, isGuess: true },
  ]);
  expect(monthly).toBe(109.85);
  expect(prices?.date).toBe('2025-01-01');
});

test('private subnets with a NAT gateway and a public load balancer in each of three zones', () => {
  const large: AwsCluster = { ...aws, subnets: 'private', nat: 'per-zone', loadBalancer: 'public' };
  const [cost] = fleetCost(fleet, [cluster('eu-west-1', { aws: large })]).clusters;
  expect(cost?.items).toContainEqual({ what: 'NAT gateway', quantity: 3, monthly: 105.12 });
  expect(cost?.items).toContainEqual({ what: 'network load balancer', quantity: 1, monthly: 18.4 });
  // Three of the gateways and three of the load balancer, none of the instances.
  expect(cost?.items).toContainEqual({ what: 'public IPv4 address', quantity: 6, monthly: 21.9 });
});

test('one node has no traffic between zones', () => {
  const [cost] = fleetCost(fleet, [cluster('us-east-1', { managers: 1 })]).clusters;
  expect(cost?.items.map(({ what }) => what)).not.toContain('GB between zones');
});

test('the sum is that of all clusters and of what they share', () => {
  const both = [cluster('us-east-1'), cluster('eu-west-1')];
  const { clusters, shared, monthly } = fleetCost(
    { ...fleet, aws: { link: true, global: 'accelerator' } },
    both,
  );
  expect(shared).toEqual([{ what: 'global accelerator', quantity: 1, monthly: 18.25 }]);
  expect(monthly).toBeCloseTo(
    clusters.reduce((sum, one) => sum + one.monthly, 18.25),
    6,
  );
});

test('aliases in Route 53 are free', () => {
  const global = { name: 'shop.example.com', zone: 'Z0', policy: 'latency' } as const;
  expect(fleetCost({ ...fleet, aws: { link: false, global } }, [cluster('us-east-1')]).shared).toEqual([]);
});

test('local nodes cost nothing', () => {
  const { aws: _, ...local } = cluster('us-east-1');
  const cost = fleetCost({ target: 'local' } as Fleet, [local]);
  expect(cost).toEqual({
    currency: 'USD',
    clusters: [{ name: 'us-east-1', region: 'us-east-1', items: [], monthly: 0 }],
    shared: [],
    monthly: 0,
  });
});
