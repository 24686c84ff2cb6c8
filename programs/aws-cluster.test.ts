import { describe, expect, test } from 'vitest';
import { vpcOfSlot } from '../src/address-plan.ts';
import type { Place } from '../src/aws/ssh-files.ts';
import { rangesOverlap } from '../src/ip-range.ts';
import { admitted, group, node, nodes, resourcesOf, secret } from './aws/sample-cluster.ts';

describe('three managers in public subnets', () => {
  test('what there is', async () => {
    const { resources } = await resourcesOf();
    const counts = Object.fromEntries(
      [...Map.groupBy(resources, ({ type }) => type.split(':').at(-1) ?? '')].map(([type, own]) => [
        type,
        own.length,
      ]),
    );
    expect(counts).toEqual({
      aws: 1,
      Vpc: 1,
      Subnet: 3,
      InternetGateway: 1,
      RouteTable: 1,
      Route: 1,
      RouteTableAssociation: 3,
      SubnetCidrReservation: 3,
      SecurityGroup: 1,
      SecurityGroupIngressRule: 7,
      SecurityGroupEgressRule: 1,
      Role: 1,
      RolePolicyAttachment: 2,
      InstanceProfile: 1,
      Instance: 3,
      Arrival: 3,
      Engine: 3,
      Swarm: 1,
      Node: 3,
    });
  });

  test('only nodes of the cluster reach its nodes; nobody reaches port 22', async () => {
    const { of } = await resourcesOf();
    expect(admitted(of('SecurityGroupIngressRule')).toSorted()).toEqual(
      [
        `${group} tcp 2377-2377 from ${group}`,
        `${group} tcp 7946-7946 from ${group}`,
        `${group} udp 7946-7946 from ${group}`,
        `${group} udp 4789-4789 from ${group}`,
        `${group} 50 - from ${group}`,
        `${group} tcp 24789-24790 from ${group}`,
        `${group} udp 24789-24790 from ${group}`,
      ].toSorted(),
    );
    const [own] = of('SecurityGroup');
    expect(own?.inputs).not.toHaveProperty('ingress');
  });

  test('port 22 is open to the given ranges alone', async () => {
    const { of } = await resourcesOf({ sshCidrs: ['203.0.113.7/32', '198.51.100.0/24'] });
    const ssh = admitted(of('SecurityGroupIngressRule')).filter((rule) => rule.includes('22-22'));
    expect(ssh).toEqual([
      `${group} tcp 22-22 from 203.0.113.7/32`,
      `${group} tcp 22-22 from 198.51.100.0/24`,
    ]);
  });

  test('each instance: metadata by session tokens alone, an encrypted volume, its zone and address', async () => {
    const { of } = await resourcesOf();
    const instances = of('Instance');
    expect(instances.map(({ inputs }) => [inputs.subnetId, inputs.privateIp])).toEqual([
      ['shop-us-east-1-public-1-id', '10.10.0.16'],
      ['shop-us-east-1-public-2-id', '10.10.32.17'],
      ['shop-us-east-1-public-3-id', '10.10.64.18'],
    ]);
    for (const { name, inputs } of instances) {
      expect(inputs).toMatchObject({
        ami: 'ami-of-/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id',
        instanceType: 't3.medium',
        associatePublicIpAddress: true,
        vpcSecurityGroupIds: [group],
        iamInstanceProfile: 'shop-us-east-1',
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        rootBlockDevice: { volumeType: 'gp3', encrypted: true, deleteOnTermination: true },
        tags: { Name: name, 'swarmctl.role': 'manager' },
      });
      expect(inputs).not.toHaveProperty('keyName');
    }
  });

  test('what the instances may do in the account', async () => {
    const { inputs } = await resourcesOf();
    expect(inputs('RolePolicyAttachment').map(({ policyArn }) => policyArn)).toEqual([
      'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
      'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly',
    ]);
    const [role] = inputs('Role');
    expect(JSON.parse(String(role?.assumeRolePolicy)).Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });

  test('nodes join by their private addresses, and are told of before anything connects', async () => {
    const places: Place[] = [];
    const onPlace = async (place: Place) => void places.push(place);
    const { inputs } = await resourcesOf({ onPlace });
    expect(inputs('Node').map(({ endpoint, advertiseAddress }) => [endpoint, advertiseAddress])).toEqual([
      ['ssh://ubuntu@shop-us-east-1-manager-1', '10.10.0.16'],
      ['ssh://ubuntu@shop-us-east-1-manager-2', '10.10.32.17'],
      ['ssh://ubuntu@shop-us-east-1-manager-3', '10.10.64.18'],
    ]);
    expect(new Set(places.map(({ name }) => name))).toEqual(new Set(nodes.map(({ name }) => name)));
    expect(places[0]).toEqual({
      name: 'shop-us-east-1-manager-1',
      instanceId: 'shop-us-east-1-manager-1-id',
      privateIp: '10.10.0.16',
      publicIp: '203.0.113.9',
    });
  });
});

test('user data is in the instances alone', async () => {
  const { resources } = await resourcesOf();
  const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(secret));
  expect(holders.map(({ type }) => type)).toEqual(nodes.map(() => 'aws:ec2/instance:Instance'));
});

test('the provider: its region, its account, the profile, and what everything is tagged with', async () => {
  const { inputs } = await resourcesOf({ account: '123456789012', profile: 'shop' });
  expect(inputs('aws')).toMatchObject([
    {
      region: 'us-east-1',
      allowedAccountIds: '["123456789012"]',
      profile: 'shop',
      defaultTags: '{"tags":{"swarmctl.fleet":"shop","swarmctl.cluster":"us-east-1"}}',
    },
  ]);
});

test('private subnets: no instance has a public address, and NAT is as chosen', async () => {
  const one = await resourcesOf({ subnets: 'private', nat: 'one' });
  expect(one.of('Subnet')).toHaveLength(6);
  expect(one.of('NatGateway')).toHaveLength(1);
  expect(one.of('RouteTable')).toHaveLength(2);
  expect(one.inputs('Instance').map(({ associatePublicIpAddress }) => associatePublicIpAddress)).toEqual([
    false,
    false,
    false,
  ]);
  expect(one.inputs('Instance').map(({ subnetId }) => subnetId)).toEqual([
    'shop-us-east-1-private-1-id',
    'shop-us-east-1-private-2-id',
    'shop-us-east-1-private-3-id',
  ]);
  const each = await resourcesOf({ subnets: 'private', nat: 'per-zone' });
  expect(each.of('NatGateway')).toHaveLength(3);
  expect(each.of('Eip')).toHaveLength(3);
  expect(each.of('RouteTable')).toHaveLength(4);
});

test('workers have no fixed address, and go round the zones too', async () => {
  const workers = [0, 1, 2, 3].map((index) => node('worker', index));
  const { of } = await resourcesOf({ nodes: [...nodes, ...workers] });
  const own = of('Instance').filter(({ name }) => name.includes('worker'));
  expect(own.map(({ inputs }) => [inputs.subnetId, inputs.privateIp])).toEqual([
    ['shop-us-east-1-public-1-id', undefined],
    ['shop-us-east-1-public-2-id', undefined],
    ['shop-us-east-1-public-3-id', undefined],
    ['shop-us-east-1-public-1-id', undefined],
  ]);
});

test('ARM has an image of its own', async () => {
  const { inputs } = await resourcesOf({ instanceType: 'm7g.large' });
  expect(String(inputs('Instance')[0]?.ami)).toContain('/arm64/');
});

test('an account with fewer zones is told so', async () => {
  await expect(resourcesOf({ zones: 4 })).rejects.toThrow(
    'The account has 3 availability zones with t3.medium, and 4 are needed.',
  );
});

test('64 clusters: each its own range, and no range of one admitted by another', async () => {
  const ranges: string[] = [];
  for (let slot = 0; slot < 64; slot += 1) {
    const name = `c${slot}`;
    const { of, inputs } = await resourcesOf({
      name,
      cidr: vpcOfSlot(slot),
      zones: 2,
      nodes: [node('manager', 0)],
    });
    const [vpc] = inputs('Vpc');
    ranges.push(String(vpc?.cidrBlock));
    for (const { inputs: subnet } of of('Subnet'))
      expect(rangesOverlap(String(subnet.cidrBlock), String(vpc?.cidrBlock))).toBe(true);
    const sources = of('SecurityGroupIngressRule').map(({ inputs: rule }) => rule.referencedSecurityGroupId);
    expect(new Set(sources)).toEqual(new Set([`shop-${name}-id`]));
  }
  const overlaps = ranges.filter((one, index) =>
    ranges.slice(index + 1).some((other) => rangesOverlap(one, other)),
  );
  expect(overlaps).toEqual([]);
});
