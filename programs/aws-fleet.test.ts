import { expect, test } from 'vitest';
import { vpcOfSlot } from '../src/address-plan.ts';
import { recordResources } from './aws/recorded-resources.ts';
import { AwsFleet, type AwsFleetArgs, type AwsMember } from './aws-fleet.ts';

function member(name: string, slot: number, own: Partial<AwsMember> = {}): AwsMember {
  return {
    name,
    region: name,
    cidr: vpcOfSlot(slot),
    vpcId: `vpc-${name}`,
    routeTableIds: [`rtb-${name}`],
    securityGroupId: `sg-${name}`,
    loadBalancer: { arn: `arn-${name}`, dnsName: `${name}.elb.example.com`, zoneId: `Z${name}` },
    ports: [8080],
    ...own,
  };
}

const two = [member('us-east-1', 0), member('eu-west-1', 1)];

async function resourcesOf(change: Partial<AwsFleetArgs>) {
  const args = { fleet: 'shop', link: false, primary: 'us-east-1', members: two, ...change };
  const { resources } = await recordResources(async () => new AwsFleet(args));
  return (type: string) =>
    resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);
}

test('two clusters that are linked: one peering, routes both ways, and published ports for each other alone', async () => {
  const of = await resourcesOf({ link: true });
  expect(of('VpcPeeringConnection')).toMatchObject([
    { vpcId: 'vpc-eu-west-1', peerVpcId: 'vpc-us-east-1', peerRegion: 'us-east-1', autoAccept: false },
  ]);
  expect(of('VpcPeeringConnectionAccepter')).toMatchObject([
    { vpcPeeringConnectionId: 'eu-west-1.us-east-1-id', autoAccept: true },
  ]);
  const connection = { vpcPeeringConnectionId: 'eu-west-1.us-east-1-id' };
  const byTable = Object.groupBy(of('Route'), ({ routeTableId }) => String(routeTableId));
  expect(byTable).toEqual({
    'rtb-eu-west-1': [{ routeTableId: 'rtb-eu-west-1', destinationCidrBlock: '10.10.0.0/16', ...connection }],
    'rtb-us-east-1': [{ routeTableId: 'rtb-us-east-1', destinationCidrBlock: '10.11.0.0/16', ...connection }],
  });
  const rules = of('SecurityGroupIngressRule').map(
    (rule) =>
      `${rule.securityGroupId} ${rule.ipProtocol} ${rule.fromPort}-${rule.toPort} from ${rule.cidrIpv4}`,
  );
  expect(rules.toSorted()).toEqual([
    'sg-eu-west-1 tcp 24789-24790 from 10.10.0.0/16',
    'sg-eu-west-1 tcp 8080-8080 from 10.10.0.0/16',
    'sg-eu-west-1 udp 24789-24790 from 10.10.0.0/16',
    'sg-us-east-1 tcp 24789-24790 from 10.11.0.0/16',
    'sg-us-east-1 tcp 8080-8080 from 10.11.0.0/16',
    'sg-us-east-1 udp 24789-24790 from 10.11.0.0/16',
  ]);
  expect(of('Record')).toEqual([]);
});

test('the order of the file changes nothing of a link', async () => {
  const of = await resourcesOf({ link: true, members: two.toReversed() });
  expect(of('VpcPeeringConnection')).toMatchObject([{ vpcId: 'vpc-eu-west-1' }]);
});

test('two clusters in one region accept at once', async () => {
  const members = [member('green', 0, { region: 'eu-west-1' }), member('blue', 1, { region: 'eu-west-1' })];
  const of = await resourcesOf({ link: true, members });
  expect(of('VpcPeeringConnection')).toMatchObject([{ autoAccept: true }]);
  expect(of('VpcPeeringConnection')[0]).not.toHaveProperty('peerRegion');
  expect(of('VpcPeeringConnectionAccepter')).toEqual([]);
  expect(of('aws')).toHaveLength(1);
});

test('one cluster has nothing to be linked with', async () => {
  const of = await resourcesOf({ link: true, members: two.slice(0, 1) });
  expect(of('VpcPeeringConnection')).toEqual([]);
});

test('ten clusters: each pair once, and a route from each to each', async () => {
  const members = Array.from({ length: 10 }, (_, slot) => member(`c${slot}`, slot));
  const of = await resourcesOf({ link: true, members });
  expect(of('VpcPeeringConnection')).toHaveLength(45);
  const routes = of('Route').map((route) => `${route.routeTableId} ${route.destinationCidrBlock}`);
  expect(new Set(routes).size).toBe(90);
  expect(routes).toHaveLength(90);
});

test('64 clusters have one record each', async () => {
  const members = Array.from({ length: 64 }, (_, slot) => member(`c${slot}`, slot));
  const of = await resourcesOf({ members, global: { name: 'a.example.com', zone: 'Z0', policy: 'latency' } });
  expect(new Set(of('Record').map(({ setIdentifier }) => setIdentifier)).size).toBe(64);
});

test('latency: one record for each cluster, left out when no target is healthy', async () => {
  const of = await resourcesOf({ global: { name: 'shop.example.com', zone: 'Z0', policy: 'latency' } });
  expect(of('Record')).toEqual(
    two.map(({ name }) => ({
      zoneId: 'Z0',
      name: 'shop.example.com',
      type: 'A',
      setIdentifier: name,
      aliases: [{ name: `${name}.elb.example.com`, zoneId: `Z${name}`, evaluateTargetHealth: true }],
      latencyRoutingPolicies: [{ region: name }],
    })),
  );
});

test('failover: the first of the file is the one', async () => {
  const of = await resourcesOf({ global: { name: 'shop.example.com', zone: 'Z0', policy: 'failover' } });
  expect(of('Record').map(({ failoverRoutingPolicies }) => failoverRoutingPolicies)).toEqual([
    [{ type: 'PRIMARY' }],
    [{ type: 'SECONDARY' }],
  ]);
});

test('failover without the first one, or before it has a load balancer: the other stays the second', async () => {
  const global = { name: 'shop.example.com', zone: 'Z0', policy: 'failover' } as const;
  const { loadBalancer: _, ...unready } = member('us-east-1', 0);
  for (const members of [two.slice(1), [unready, ...two.slice(1)]]) {
    const of = await resourcesOf({ global, members });
    expect(of('Record')).toMatchObject([
      { setIdentifier: 'eu-west-1', failoverRoutingPolicies: [{ type: 'SECONDARY' }] },
    ]);
  }
});

test('an accelerator: a group of load balancers for each region', async () => {
  const members = [...two, member('green', 2, { region: 'eu-west-1', ports: [9090, 8080] })];
  const of = await resourcesOf({ global: 'accelerator', members });
  expect(of('Accelerator')).toMatchObject([{ enabled: true }]);
  expect(of('Listener')).toMatchObject([
    {
      protocol: 'TCP',
      portRanges: [
        { fromPort: 8080, toPort: 8080 },
        { fromPort: 9090, toPort: 9090 },
      ],
    },
  ]);
  expect(
    of('EndpointGroup').map(({ endpointGroupRegion, endpointConfigurations }) => [
      endpointGroupRegion,
      endpointConfigurations,
    ]),
  ).toEqual([
    ['us-east-1', [{ endpointId: 'arn-us-east-1', weight: 100 }]],
    [
      'eu-west-1',
      [
        { endpointId: 'arn-eu-west-1', weight: 100 },
        { endpointId: 'arn-green', weight: 100 },
      ],
    ],
  ]);
});
