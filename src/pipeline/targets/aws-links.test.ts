import { expect, test } from 'vitest';
import { recordResources } from '../../../programs/aws/recorded-resources.ts';
import type { AwsFleet } from '../../fleet/model.ts';
import { sampleCluster, sampleFleet } from '../sample-fleet.ts';
import { awsLinks } from './aws-links.ts';

/** What the stack of a cluster says of it. */
function network(name: string) {
  const loadBalancer = { arn: `arn-${name}`, dnsName: `${name}.elb.example.com`, zoneId: 'Z1' };
  const ids = { vpcId: `vpc-${name}`, routeTableIds: [`rtb-${name}`], securityGroupId: `sg-${name}` };
  return { monthly: 1, places: [], cidr: '10.10.0.0/16', ...ids, loadBalancer };
}

const names = ['one', 'two', 'three'];

/** What is wanted of three clusters, of which those have made their networks whose stacks say so. */
async function linksOf(aws: Partial<AwsFleet>, stacks: Record<string, object>) {
  const clusters = names.map((name) => sampleCluster(name, { region: 'eu-west-1' }));
  const fleet = sampleFleet({ target: 'aws', clusters, aws: { link: false, ...aws } });
  const outputs = async (name: string) => stacks[name];
  const run = { fleet, workspace: { outputs }, signal: AbortSignal.any([]) };
  return awsLinks(run as unknown as Parameters<typeof awsLinks>[0], new Set(Object.keys(stacks)));
}

async function resourcesOf(program: (() => Promise<void>) | undefined, type: string): Promise<string[]> {
  if (!program) return [];
  const { resources } = await recordResources(program);
  return resources.flatMap((resource) => (resource.type.endsWith(`:${type}`) ? [resource.name] : []));
}

test('clusters that are there are linked; one that was cut off while it was made is not', async () => {
  const { program, missing } = await linksOf(
    { link: true },
    { one: network('one'), two: {}, three: network('three') },
  );
  expect(missing).toEqual(['two']);
  expect(await resourcesOf(program, 'VpcPeeringConnection')).toEqual(['one.three']);
});

test('a single cluster has nothing to be linked with, but a name in front of it', async () => {
  const stacks = { two: network('two') };
  expect((await linksOf({ link: true }, stacks)).program).toBeUndefined();
  const global = { name: 'shop.example.com', zone: 'Z0', policy: 'latency' } as const;
  const { program } = await linksOf({ link: true, global }, stacks);
  expect(await resourcesOf(program, 'Record')).toEqual(['two']);
});

test('a name is in front of load balancers alone', async () => {
  const global = { name: 'shop.example.com', zone: 'Z0', policy: 'latency' } as const;
  const { loadBalancer: _, ...closed } = network('one');
  expect((await linksOf({ global }, { one: closed })).program).toBeUndefined();
  const { program } = await linksOf({ global }, { one: closed, two: network('two') });
  expect(await resourcesOf(program, 'Record')).toEqual(['two']);
});

test('a file that does not ask for it any more wants nothing of it', async () => {
  const { program } = await linksOf({}, { one: network('one'), two: network('two') });
  expect(program).toBeUndefined();
});
