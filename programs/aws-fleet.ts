import { Route } from '@pulumi/aws/ec2/route.js';
import { VpcPeeringConnection } from '@pulumi/aws/ec2/vpcPeeringConnection.js';
import { VpcPeeringConnectionAccepter } from '@pulumi/aws/ec2/vpcPeeringConnectionAccepter.js';
import { Accelerator } from '@pulumi/aws/globalaccelerator/accelerator.js';
import { EndpointGroup } from '@pulumi/aws/globalaccelerator/endpointGroup.js';
import { Listener } from '@pulumi/aws/globalaccelerator/listener.js';
import { Provider } from '@pulumi/aws/provider.js';
import { Record } from '@pulumi/aws/route53/record.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import * as pulumi from '@pulumi/pulumi';

/** A cluster as its own stack tells of it. */
export interface AwsMember {
  name: string;
  region: string;
  cidr: string;
  vpcId: string;
  routeTableIds: readonly string[];
  securityGroupId: string;
  loadBalancer?: LoadBalancer;
  /** TCP ports that its services publish. */
  ports: readonly number[];
}

interface LoadBalancer {
  arn: string;
  dnsName: string;
  zoneId: string;
}

export interface AwsFleetArgs {
  fleet: string;
  account?: string;
  profile?: string;
  /** Whether the VPCs are peered, each with each. */
  link: boolean;
  global?: 'accelerator' | { name: string; zone: string; policy: 'failover' | 'latency' };
  /** Name of the cluster that answers as long as it is healthy, where the policy is failover. */
  primary: string;
  members: readonly AwsMember[];
}

/** What the clusters of a fleet in AWS have together: the paths between them, and the name in front of them. */
export class AwsFleet extends pulumi.ComponentResource {
  readonly #providers: Map<string, Provider>;

  constructor(args: AwsFleetArgs) {
    super('swarmctl:aws:Fleet', args.fleet, {});
    const regions = [...new Set(args.members.map(({ region }) => region))];
    this.#providers = new Map(regions.map((region) => [region, this.#provider(args, region, region)]));
    if (args.link) this.#link(args);
    if (args.global === 'accelerator') this.#accelerate(args);
    else if (args.global) this.#name(args.global, args);
    this.registerOutputs({});
  }

  #provider({ fleet, account, profile }: AwsFleetArgs, name: string, region: string): Provider {
    return new Provider(name, {
      region,
      ...(account !== undefined && { allowedAccountIds: [account] }),
      ...(profile !== undefined && { profile }),
      defaultTags: { tags: { 'swarmctl.fleet': fleet } },
    });
  }

  /** The options of a resource in a member's region. */
  #in({ region }: AwsMember): pulumi.CustomResourceOptions {
    const provider = this.#providers.get(region);
    return { parent: this, ...(provider && { provider }) };
  }

  /** Which of two asks the other one rests on their names: another order of the file changes nothing. */
  #link(args: AwsFleetArgs): void {
    const members = args.members.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    for (const [index, one] of members.entries())
      for (const other of members.slice(index + 1)) this.#peer(one, other);
  }

  #peer(one: AwsMember, other: AwsMember): void {
    const name = `${one.name}.${other.name}`;
    const sameRegion = one.region === other.region;
    const connection = new VpcPeeringConnection(
      name,
      {
        vpcId: one.vpcId,
        peerVpcId: other.vpcId,
        ...(sameRegion ? { autoAccept: true } : { peerRegion: other.region, autoAccept: false }),
        tags: { Name: name },
      },
      this.#in(one),
    );
    const accepted = sameRegion
      ? connection
      : new VpcPeeringConnectionAccepter(
          name,
          { vpcPeeringConnectionId: connection.id, autoAccept: true, tags: { Name: name } },
          this.#in(other),
        );
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#route(from, to, connection, accepted);
      this.#admit(from, to);
    }
  }

  #route(from: AwsMember, to: AwsMember, connection: VpcPeeringConnection, accepted: pulumi.Resource): void {
    for (const [index, routeTableId] of from.routeTableIds.entries())
      new Route(
        `${from.name}.${to.name}-${index + 1}`,
        { routeTableId, destinationCidrBlock: to.cidr, vpcPeeringConnectionId: connection.id },
        { ...this.#in(from), dependsOn: accepted },
      );
  }

  /** What the services publish, and the probes of the benchmark while they run. */
  #admit(at: AwsMember, from: AwsMember): void {
    const ranges = [...at.ports.map((port) => ['tcp', port, port] as const), ...probes];
    for (const [ipProtocol, fromPort, toPort] of ranges)
      new SecurityGroupIngressRule(
        `${at.name}.${from.name}-${ipProtocol}-${fromPort}`,
        { securityGroupId: at.securityGroupId, cidrIpv4: from.cidr, ipProtocol, fromPort, toPort },
        this.#in(at),
      );
  }

  /** Aliases of load balancers: Route 53 leaves out one without a healthy target. */
  #name(
    { name, zone, policy }: { name: string; zone: string; policy: 'failover' | 'latency' },
    { members, primary }: AwsFleetArgs,
  ): void {
    for (const { loadBalancer, ...member } of members.filter(isBalanced)) {
      const { dnsName, zoneId } = loadBalancer;
      const routing =
        policy === 'latency'
          ? { latencyRoutingPolicies: [{ region: member.region }] }
          : { failoverRoutingPolicies: [{ type: member.name === primary ? 'PRIMARY' : 'SECONDARY' }] };
      new Record(
        member.name,
        {
          zoneId: zone,
          name,
          type: 'A',
          setIdentifier: member.name,
          aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }],
          ...routing,
        },
        this.#in(member),
      );
    }
  }

  /** Its own provider, whatever clusters there are: another one would make it anew, with other addresses. */
  #accelerate(args: AwsFleetArgs): void {
    const { fleet } = args;
    const members = args.members.filter(isBalanced);
    const ports = [...new Set(members.flatMap((member) => member.ports))].toSorted((a, b) => a - b);
    if (ports.length === 0) return;
    const options = { parent: this, provider: this.#provider(args, 'accelerator', acceleratorRegion) };
    const accelerator = new Accelerator(
      fleet,
      { enabled: true, ipAddressType: 'IPV4', tags: { Name: fleet } },
      options,
    );
    const portRanges = ports.map((port) => ({ fromPort: port, toPort: port }));
    const listener = new Listener(
      fleet,
      { acceleratorArn: accelerator.arn, protocol: 'TCP', portRanges },
      options,
    );
    // A listener has one group for each region.
    for (const [region, own] of Map.groupBy(members, (member) => member.region))
      new EndpointGroup(
        region,
        {
          listenerArn: listener.arn,
          endpointGroupRegion: region,
          healthCheckProtocol: 'TCP',
          endpointConfigurations: own.map(({ loadBalancer }) => ({
            endpointId: loadBalancer.arn,
            weight: 100,
          })),
        },
        options,
      );
  }
}

const probes = [
  ['tcp', 24789, 24790],
  ['udp', 24789, 24790],
] as const;

/** Where the interface of Global Accelerator is: https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html */
const acceleratorRegion = 'us-west-2';

/** One whose load balancer is still to come has no part in what is in front of the clusters. */
function isBalanced(member: AwsMember): member is AwsMember & { loadBalancer: LoadBalancer } {
  return member.loadBalancer !== undefined;
}
