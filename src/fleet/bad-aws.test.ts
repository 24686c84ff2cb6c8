import { expect, test } from 'vitest';
import { correct, refusal } from './refused-file.ts';

const fleet = (clusters: string, more = '') =>
  `fleet: shop\ntarget: aws\n${more}clusters:\n${clusters
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')}`;
const date = 'in the price table of 2025-01-01';

const oneProblem: [string, string, string, string?][] = [
  [
    'an unknown region',
    fleet('us-esat-1: {}'),
    `swarmctl.yaml:4:3: clusters.us-esat-1: there is no AWS region "us-esat-1" ${date}`,
    'Did you mean "us-east-1"?',
  ],
  [
    'an unknown region of a cluster with another name',
    fleet('green: { region: moon }'),
    `swarmctl.yaml:4:20: clusters.green.region: there is no AWS region "moon" ${date}`,
    'Known regions: us-east-1, us-east-2, us-west-1, us-west-2, ca-central-1, eu-west-1, eu-west-2, eu-west-3, eu-central-1, eu-north-1, ap-south-1, ap-southeast-1, ap-southeast-2, ap-northeast-1, sa-east-1.',
  ],
  [
    'an unknown instance type',
    fleet('us-east-1: { instance-type: t3.meduim }'),
    `swarmctl.yaml:4:31: clusters.us-east-1: there is no instance type "t3.meduim" for us-east-1 ${date}`,
    'Did you mean "t3.medium"?',
  ],
  [
    'an instance type that the region does not have, from the defaults',
    fleet('us-west-1: {}', 'defaults: { instance-type: m7g.large }\n'),
    `swarmctl.yaml:3:28: clusters.us-west-1: there is no instance type "m7g.large" for us-west-1 ${date}`,
    'Did you mean "t4g.large"?',
  ],
  [
    'what is no instance type',
    fleet('us-east-1: { instance-type: big }'),
    'swarmctl.yaml:4:31: clusters.us-east-1.instance-type: expected an instance type such as t3.medium, found "big"',
  ],
  [
    'two clusters with the same addresses',
    fleet('us-east-1: { cidr: 10.200.0.0/16 }\neu-west-1: { cidr: 10.200.16.0/20 }'),
    'swarmctl.yaml:5:22: clusters.eu-west-1.cidr: 10.200.16.0/20 overlaps 10.200.0.0/16 of the cluster "us-east-1"',
  ],
  [
    'addresses of overlay networks',
    fleet('us-east-1: { cidr: 10.163.0.0/20 }'),
    'swarmctl.yaml:4:22: clusters.us-east-1.cidr: 10.163.0.0/20 overlaps the overlay networks, which have 10.100.0.0 to 10.163.255.255',
    'Choose another range, such as 10.200.0.0/16, or leave it out.',
  ],
  [
    'addresses that others may be given',
    fleet('us-east-1: { cidr: 10.11.0.0/16 }\neu-west-1: {}'),
    'swarmctl.yaml:4:22: clusters.us-east-1.cidr: 10.11.0.0/16 overlaps 10.10.0.0 to 10.73.255.255, which clusters without `cidr` get their ranges from',
    'Choose another range, such as 10.200.0.0/16, or give every cluster its own.',
  ],
  ...['8.8.0.0/16', '10.0.0.0/8', '10.0.0.0/24', '172.32.0.0/16', '10.300.0.0/16', '10.0.0/16'].map(
    (cidr): [string, string, string] => [
      `the range ${cidr}`,
      fleet(`us-east-1: { cidr: ${cidr} }`),
      `swarmctl.yaml:4:22: clusters.us-east-1.cidr: expected a private IPv4 range from /16 to /22, such as 10.20.0.0/16, found "${cidr}"`,
    ],
  ),
  [
    'a range with an address within it',
    fleet('us-east-1: { cidr: 10.200.1.0/16 }'),
    'swarmctl.yaml:4:22: clusters.us-east-1.cidr: expected a private IPv4 range whose address is its first, such as 10.20.0.0/16, found "10.200.1.0/16"',
  ],
  [
    'SSH from everywhere',
    fleet('us-east-1: { ssh-cidrs: [0.0.0.0/0] }'),
    'swarmctl.yaml:4:28: clusters.us-east-1.ssh-cidrs[0]: expected an IPv4 range such as 203.0.113.7/32, at most /1 wide, found "0.0.0.0/0"',
  ],
  [
    'private subnets without a way out',
    fleet('us-east-1: { subnets: private, nat: none }'),
    'swarmctl.yaml:4:39: clusters.us-east-1: private subnets without NAT cannot reach the packages of the engine, nor SSM',
    'Write `nat: one` or `nat: per-zone`, or `subnets: public`.',
  ],
  [
    'NAT for public subnets',
    fleet('us-east-1: { nat: one }'),
    'swarmctl.yaml:4:21: clusters.us-east-1: nat: one has no use for public subnets',
    'Write `subnets: private`, or remove `nat`.',
  ],
  [
    'an even number of managers',
    fleet('us-east-1: { managers: 2 }'),
    'swarmctl.yaml:4:26: clusters.us-east-1.managers: expected an odd number of managers from 1 to 7, found the number 2',
  ],
  [
    'engine 24',
    fleet('us-east-1: { engine: 24 }'),
    'swarmctl.yaml:4:24: clusters.us-east-1.engine: expected a Docker Engine version of 25 or newer, such as "26" or "26.1.5", found the number 24',
  ],
  [
    '0 clusters',
    'fleet: shop\ntarget: aws\nclusters: {}\n',
    'swarmctl.yaml:3:11: clusters: expected 1 to 64 clusters, found 0',
  ],
  [
    '65 clusters',
    fleet(Array.from({ length: 65 }, (_, index) => `c${index}: { region: us-east-1 }`).join('\n')),
    'swarmctl.yaml:4:3: clusters: expected 1 to 64 clusters, found 65',
  ],
  [
    'an account that is a number',
    fleet('us-east-1: {}', 'aws: { account: 123456789012 }\n'),
    'swarmctl.yaml:3:17: aws.account: expected an account of 12 digits in quotes, such as "123456789012", found the number 123456789012',
  ],
  [
    'limits, which are for local nodes',
    fleet('us-east-1: { limits: { cpus: 1 } }'),
    'swarmctl.yaml:4:16: clusters.us-east-1.limits is only for the target local',
    'Remove it; the instance type says what a node has.',
  ],
  [
    'a name in front of clusters that cannot be reached',
    fleet('us-east-1: {}', 'global: accelerator\n'),
    'swarmctl.yaml:3:9: global: the cluster "us-east-1" has no public load balancer to send requests to',
    'Write `load-balancer: public` under `defaults`.',
  ],
  [
    'failover of one cluster',
    fleet(
      'us-east-1: { load-balancer: public }',
      'global: { name: shop.example.com, zone: Z0123456789ABC, policy: failover }\n',
    ),
    'swarmctl.yaml:3:65: global.policy: failover is between two clusters, and there are 1',
    'Write `latency`: requests go to the nearest cluster that is healthy.',
  ],
  [
    'latency between clusters in one region',
    fleet(
      'green: { region: eu-west-1, load-balancer: public }\nblue: { region: eu-west-1, load-balancer: public }',
      'global: { name: shop.example.com, zone: Z0123456789ABC, policy: latency }\n',
    ),
    'swarmctl.yaml:3:65: global.policy: latency tells clusters apart by their regions, and two are in eu-west-1',
    'Write `global: accelerator`, which takes several in one.',
  ],
  [
    'a key for aws in a local fleet',
    'fleet: shop\nclusters:\n  us-east-1: { instance-type: t3.medium }\n',
    'swarmctl.yaml:3:16: clusters.us-east-1.instance-type is only for the target aws',
    'Remove it, or write `target: aws`.',
  ],
];

test.each(oneProblem)('%s', async (_, text, message, hint = correct) => {
  const error = await refusal(text);
  expect({ message: error.message, details: error.details }).toEqual({ message, details: [] });
  expect(error.hint).toBe(hint);
});
