import { type AwsClusterArgs, type AwsNode, awsClusterProgram } from '../aws-cluster.ts';
import { type RecordedResource, recordResources } from './recorded-resources.ts';

export const secret = 'the private key of the machine';

export function node(role: AwsNode['role'], index: number): AwsNode {
  const name = `shop-us-east-1-${role}-${index + 1}`;
  const settings = { availability: 'active', labels: {}, userData: `#cloud-config ${secret}` } as const;
  return { name, role, index, endpoint: `ssh://ubuntu@${name}`, ...settings };
}

export const nodes = [0, 1, 2].map((index) => node('manager', index));

function argsOf(change: Partial<AwsClusterArgs> = {}): AwsClusterArgs {
  return {
    fleet: 'shop',
    name: 'us-east-1',
    region: 'us-east-1',
    cidr: '10.10.0.0/16',
    zones: 3,
    instanceType: 't3.medium',
    engine: '26',
    daemon: {},
    sshCidrs: [],
    subnets: 'public',
    nat: 'none',
    loadBalancer: 'none',
    ports: [8080, 8443],
    nodes,
    overlays: { addressPool: ['10.100.0.0/16'], subnetSize: 24 },
    autolock: false,
    monthly: 100,
    onPlace: async () => {},
    ...change,
  };
}

export async function resourcesOf(change: Partial<AwsClusterArgs> = {}) {
  const { resources } = await recordResources(() => awsClusterProgram(argsOf(change)));
  const of = (type: string) => resources.filter((resource) => resource.type.endsWith(`:${type}`));
  return { resources, of, inputs: (type: string) => of(type).map(({ inputs }) => inputs) };
}

/** What may come in, as `protocol from-to source`. */
export function admitted(rules: readonly RecordedResource[]): string[] {
  return rules.map(({ inputs }) => {
    const { ipProtocol, fromPort = '', toPort = '', cidrIpv4, referencedSecurityGroupId } = inputs;
    return `${inputs.securityGroupId} ${ipProtocol} ${fromPort}-${toPort} from ${cidrIpv4 ?? referencedSecurityGroupId}`;
  });
}

export const group = 'shop-us-east-1-id';
