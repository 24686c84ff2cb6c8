import * as z from 'zod';
import { map, pattern } from './schema-parts.ts';

/** The keys of the target aws. What depends on regions and other clusters is checked in aws-problems.ts. */

const ipv4Byte = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const ipv4 = `${ipv4Byte}(\\.${ipv4Byte}){3}`;
const sshCidr = pattern(
  new RegExp(`^${ipv4}/([1-9]|[12]\\d|3[0-2])$`),
  'an IPv4 range such as 203.0.113.7/32, at most /1 wide',
);

export const subnetKinds = ['public', 'private'] as const;
export const natKinds = ['none', 'one', 'per-zone'] as const;
export const loadBalancerKinds = ['none', 'internal', 'public'] as const;

/** What one cluster may say differently from the others, so also allowed under `defaults`. */
export const awsDefaultKeys = {
  'instance-type': pattern(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an instance type such as t3.medium')
    .optional()
    .describe('aws: type of each instance, such as t3.medium, which is the default.'),
  'ssh-cidrs': z
    .array(sshCidr, { error: 'a list of IPv4 ranges such as [203.0.113.7/32]' })
    .optional()
    .describe('aws: ranges that may reach port 22; none by default: access is by SSM.'),
  subnets: z
    .enum(subnetKinds, { error: subnetKinds.join(' or ') })
    .optional()
    .describe(
      'aws: public (each instance has a public address) or private (behind a NAT). public by default.',
    ),
  nat: z
    .enum(natKinds, { error: natKinds.join(', ') })
    .optional()
    .describe(
      'aws: NAT gateways for private subnets: one, or one per-zone, which survives the loss of a zone. one by default for private subnets; `swarmctl cost` tells the price.',
    ),
  'load-balancer': z
    .enum(loadBalancerKinds, { error: loadBalancerKinds.join(', ') })
    .optional()
    .describe('aws: a load balancer for published ports: none (default), internal or public.'),
};

export const awsClusterKeys = {
  ...awsDefaultKeys,
  cidr: pattern(
    new RegExp(`^(10\\.${ipv4Byte}|172\\.(1[6-9]|2\\d|3[01])|192\\.168)(\\.${ipv4Byte}){2}/(1[6-9]|2[0-2])$`),
    'a private IPv4 range from /16 to /22, such as 10.20.0.0/16',
  )
    .refine(isNetwork, { error: 'a private IPv4 range whose address is its first, such as 10.20.0.0/16' })
    .optional()
    .describe('aws: range of the VPC, /16 to /22; given by swarmctl, without overlaps, by default.'),
};

export const awsSchema = map({
  account: pattern(/^\d{12}$/, 'an account of 12 digits in quotes, such as "123456789012"')
    .optional()
    .describe('The AWS account that this fleet belongs to; credentials of another one are refused.'),
  profile: pattern(/^[\w@+=,.-]+$/, 'the name of a profile of the AWS configuration')
    .optional()
    .describe('Profile of the AWS configuration that the credentials are taken from.'),
  'ssh-key': z
    .string({ error: 'the path of a private key' })
    .min(1, { error: 'the path of a private key' })
    .optional()
    .describe(
      'Private key to log in to instances with, beside its .pub file; that of ~/.ssh by default. It is never read.',
    ),
})
  .optional()
  .describe('Whose account the fleet is in, for the target aws.');

export const linkSchema = z
  .boolean({ error: 'true or false' })
  .optional()
  .describe('aws: a private, routed path between the VPCs of all clusters (VPC peering).');

const hostName = pattern(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a host name such as shop.example.com',
);

export const globalSchema = z
  .union(
    [
      z.literal('accelerator', { error: 'accelerator' }),
      map({
        name: hostName.describe('The name in front of all clusters, such as shop.example.com.'),
        zone: pattern(
          /^Z[A-Z0-9]{1,31}$/,
          'the id of a Route 53 hosted zone, such as Z0123456789ABC',
        ).describe('Id of the Route 53 hosted zone that the name is in.'),
        policy: z
          .enum(['failover', 'latency'], { error: 'failover or latency' })
          .describe('failover: the first two clusters in the order of the file; latency: the nearest.'),
      }),
    ],
    { error: 'accelerator, or a map with the keys name, zone, policy' },
  )
  .optional()
  .describe('aws: one health-checked name in front of all clusters: Route 53, or a Global Accelerator.');

/** Whether all bits after the prefix are 0. Also asked of texts that are no range, which are refused as such. */
function isNetwork(cidr: string): boolean {
  const [address = '', prefix = ''] = cidr.split('/');
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return !Number.isFinite(number) || number % 2 ** (32 - Number(prefix)) === 0;
}
