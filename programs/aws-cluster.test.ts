import { describe, expect, test } from 'vitest';
import { vpcOfSlot } from '../src/address-plan.ts';
import { rangesOverlap } from '../src/ip-range.ts';
import { type RecordedResource, recordResources } from './aws/recorded-resources.ts';
import { type AwsClusterArgs, type AwsNode, type AwsPlace, awsClusterProgram } from './aws-cluster.ts';

const secret = 'the private key of the machine';

function node(role: AwsNode['role'], index: number): AwsNode {
  const name = `shop-us-east-1-${role}-${index + 1}`;
  const settings = { availability: 'active', labels: {}, userData: `#cloud-config ${secret}` } as const;
  return { name, role, index, endpoint: `ssh://ubuntu@${name}`, ...settings };
}

const nodes = [0, 1, 2].map((index) => node('manager', index));

function argsOf(change: Partial<AwsClusterArgs> = {}): AwsClusterArgs {
  return {
    fleet: 'shop',
    name: 'us-east-1',
    region: 'us-east-1',
    cidr: '10.10.0.0/16',
    zones: 3,
    instanceType: 't3.medium',
    sshCidrs: [],
    subnets: 'public',
    nat: 'none',
    loadBalancer: 'none',
    ports: [8080, 8443],
    nodes,
    overlays: { addressPool: ['10.100.0.0/16'], subnetSize: 24 },
    autolock: false,
    onPlace: async () => {},
    ...change,
  };
}

async function resourcesOf(change: Partial<AwsClusterArgs> = {}) {
  const { resources } = await recordResources(() => awsClusterProgram(argsOf(change)));
  const of = (type: string) => resources.filter((resource) => resource.type.endsWith(`:${type}`));
  return { resources, of, inputs: (type: string) => of(type).map(({ inputs }) => inputs) };
}

/** What may come in, as `protocol from-to source`. */
function admitted(rules: readonly RecordedResource[]): string[] {
  return rules.map(({ inputs }) => {
    const { ipProtocol, fromPort = '', toPort = '', cidrIpv4, referencedSecurityGroupId } = inputs;
    return `${inputs.securityGroupId} ${ipProtocol} ${fromPort}-${toPort} from ${cidrIpv4 ?? referencedSecurityGroupId}`;
  });
}

const group = 'shop-us-east-1-id';

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
    const places: AwsPlace[] = [];
    const onPlace = async (place: AwsPlace) => void places.push(place);
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

test('a public load balancer: its group takes published ports from all, and the nodes take them from it', async () => {
  const { of, inputs } = await resourcesOf({ loadBalancer: 'public' });
  const balancer = 'shop-us-east-1-lb-id';
  const rules = admitted(of('SecurityGroupIngressRule')).filter((rule) => /80|8443/.test(rule));
  expect(rules.toSorted()).toEqual(
    [8080, 8443]
      .flatMap((port) => [
        `${balancer} tcp ${port}-${port} from 0.0.0.0/0`,
        `${group} tcp ${port}-${port} from ${balancer}`,
      ])
      .toSorted(),
  );
  expect(inputs('LoadBalancer')).toMatchObject([{ loadBalancerType: 'network', internal: false }]);
  expect(inputs('TargetGroup').map(({ healthCheck }) => healthCheck)).toMatchObject([
    { protocol: 'TCP', port: 'traffic-port' },
    { protocol: 'TCP', port: 'traffic-port' },
  ]);
  expect(of('TargetGroupAttachment')).toHaveLength(6);
});

test('an internal load balancer takes requests from the VPC', async () => {
  const { of, inputs } = await resourcesOf({ loadBalancer: 'internal', subnets: 'private', nat: 'one' });
  const rules = admitted(of('SecurityGroupIngressRule')).filter((rule) => rule.includes('-lb-id tcp'));
  expect(rules).toEqual([
    'shop-us-east-1-lb-id tcp 8080-8080 from 10.10.0.0/16',
    'shop-us-east-1-lb-id tcp 8443-8443 from 10.10.0.0/16',
  ]);
  expect(inputs('LoadBalancer')).toMatchObject([
    {
      internal: true,
      subnets: ['shop-us-east-1-private-1-id', 'shop-us-east-1-private-2-id', 'shop-us-east-1-private-3-id'],
    },
  ]);
});

test('nothing but a public load balancer is open to the world', async () => {
  for (const change of [
    {},
    { sshCidrs: ['203.0.113.7/32'] },
    { loadBalancer: 'internal' as const },
    { subnets: 'private' as const, nat: 'per-zone' as const },
  ]) {
    const { of } = await resourcesOf(change);
    const rules = admitted(of('SecurityGroupIngressRule'));
    expect(rules.filter((rule) => rule.includes('0.0.0.0/0'))).toEqual([]);
  }
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
