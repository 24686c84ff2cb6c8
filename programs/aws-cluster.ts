import { Instance } from '@pulumi/aws/ec2/instance.js';
import { Provider } from '@pulumi/aws/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { Availability, NodeRole } from '../provider/membership.ts';
import type { SwarmInputs } from '../provider/swarm.ts';
import { managerAddress, subnetsOf } from '../src/aws/addresses.ts';
import { zoneOf } from '../src/aws/spread.ts';
import { rootVolumeGb } from '../src/aws/volume.ts';
import { AwsAccess } from './aws/access.ts';
import { AwsLoadBalancer } from './aws/load-balancer.ts';
import { type Found, lookUp } from './aws/look-up.ts';
import { AwsNetwork } from './aws/network.ts';
import { Node, Swarm } from './swarm-resources.ts';
import { swarmSettings } from './swarm-settings.ts';

/** One node of a cluster in AWS: an instance. */
export interface AwsNode {
  name: string;
  role: NodeRole;
  /** Counted from 0 among those of its role. */
  index: number;
  /** Of its engine. */
  endpoint: string;
  availability: Availability;
  /** Labels of the node in the swarm. */
  labels: Record<string, string>;
  /** What cloud-init does at the first start; holds the private key that the machine shows to ssh. */
  userData: string;
}

export interface AwsClusterArgs {
  fleet: string;
  name: string;
  region: string;
  /** Credentials of another account are refused. */
  account?: string;
  /** Of the AWS configuration. */
  profile?: string;
  /** Of the VPC, in CIDR form. */
  cidr: string;
  /** Availability zones that the nodes are spread over. */
  zones: number;
  instanceType: string;
  sshCidrs: readonly string[];
  subnets: 'public' | 'private';
  nat: 'none' | 'one' | 'per-zone';
  loadBalancer: 'none' | 'internal' | 'public';
  /** TCP ports that the services publish. */
  ports: readonly number[];
  /** Managers first. */
  nodes: readonly AwsNode[];
  overlays: Pick<SwarmInputs, 'addressPool' | 'subnetSize'>;
  /** Whether managers that start again have to be unlocked. */
  autolock: boolean;
  /** Told where an instance is, before anything connects to it. */
  onPlace(place: AwsPlace): Promise<void>;
}

/** Where a node can be reached. */
export interface AwsPlace {
  name: string;
  instanceId: string;
  privateIp: string;
  /** Empty for one in a private subnet. */
  publicIp: string;
}

/** What other stacks, and later runs, need to know of a cluster. */
export interface AwsClusterOutputs {
  places: pulumi.Output<AwsPlace[]>;
  vpcId: pulumi.Output<string>;
  routeTableIds: pulumi.Output<string[]>;
  securityGroupId: pulumi.Output<string>;
  loadBalancer?: {
    arn: pulumi.Output<string>;
    dnsName: pulumi.Output<string>;
    zoneId: pulumi.Output<string>;
  };
}

/** The program of a cluster in AWS. */
export async function awsClusterProgram(args: AwsClusterArgs): Promise<AwsClusterOutputs> {
  const provider = awsProvider(args);
  const found = await lookUp(provider, args.instanceType, args.zones);
  return new AwsCluster(args, found, provider).outputs;
}

/** The provider of a region: it refuses credentials of another account, and tags what it makes. */
function awsProvider({ fleet, name, region, account, profile }: AwsClusterArgs): Provider {
  const tags = { 'swarmctl.fleet': fleet, 'swarmctl.cluster': name };
  return new Provider(region, {
    region,
    ...(account !== undefined && { allowedAccountIds: [account] }),
    ...(profile !== undefined && { profile }),
    defaultTags: { tags },
  });
}

/** A swarm on instances in a VPC of its own. */
class AwsCluster extends pulumi.ComponentResource {
  readonly outputs: AwsClusterOutputs;

  constructor(args: AwsClusterArgs, { zones, ami }: Found, provider: Provider) {
    super('swarmctl:aws:Cluster', args.name, {}, { providers: [provider] });
    const name = `${args.fleet}-${args.name}`;
    const parent = { parent: this };
    const { cidr, subnets, nat, sshCidrs } = args;
    const network = new AwsNetwork(name, { cidr, zones, subnets, nat }, parent);
    const access = new AwsAccess(name, { vpcId: network.vpc.id, sshCidrs }, parent);
    const machines = args.nodes.map((node) => ({
      node,
      instance: this.#instance(args, node, ami, network, access),
    }));
    const balancer = this.#balancer(name, args, network, access, machines);
    this.#form(args, machines);
    this.outputs = {
      places: pulumi.all(machines.map(({ node, instance }) => placeOf(node.name, instance))),
      vpcId: network.vpc.id,
      routeTableIds: pulumi.all(network.routeTables.map(({ id }) => id)),
      securityGroupId: access.group.id,
      ...(balancer && {
        loadBalancer: { arn: balancer.arn, dnsName: balancer.dnsName, zoneId: balancer.zoneId },
      }),
    };
    this.registerOutputs({});
  }

  #instance(
    args: AwsClusterArgs,
    node: AwsNode,
    ami: string,
    network: AwsNetwork,
    access: AwsAccess,
  ): Instance {
    const zones = network.instanceSubnets.length;
    const zone = zoneOf(node.index, zones);
    const range = subnetsOf(args.cidr, zones)[args.subnets][zone] ?? '';
    const tags = { Name: node.name, 'swarmctl.role': node.role };
    return new Instance(
      node.name,
      {
        ami,
        instanceType: args.instanceType,
        subnetId: network.instanceSubnets[zone]?.id ?? '',
        ...(node.role === 'manager' && { privateIp: managerAddress(range, node.index) }),
        associatePublicIpAddress: args.subnets === 'public',
        vpcSecurityGroupIds: [access.group.id],
        iamInstanceProfile: access.profile.name,
        // Containers are one hop further away than the instance itself, so they get no credentials of its role.
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          volumeType: 'gp3',
          volumeSize: rootVolumeGb,
          encrypted: true,
          deleteOnTermination: true,
          tags: { Name: node.name, 'swarmctl.fleet': args.fleet, 'swarmctl.cluster': args.name },
        },
        userData: pulumi.secret(node.userData),
        tags,
      },
      {
        parent: this,
        dependsOn: [...network.wayOut, ...access.rules],
        // Each of these would replace or stop all instances at once, and with them the quorum. New ones have the new.
        ignoreChanges: [
          'ami',
          'instanceType',
          'subnetId',
          'userData',
          'associatePublicIpAddress',
          'rootBlockDevice',
        ],
        // A manager keeps its address, which the old one has to give back first.
        deleteBeforeReplace: node.role === 'manager',
      },
    );
  }

  #balancer(
    name: string,
    args: AwsClusterArgs,
    { vpc, publicSubnets, instanceSubnets }: AwsNetwork,
    { group }: AwsAccess,
    machines: readonly { node: AwsNode; instance: Instance }[],
  ) {
    if (args.loadBalancer === 'none') return undefined;
    const internal = args.loadBalancer === 'internal';
    const settings = {
      internal,
      vpcId: vpc.id,
      from: [internal ? args.cidr : '0.0.0.0/0'],
      subnetIds: (internal ? instanceSubnets : publicSubnets).map(({ id }) => id),
      nodes: group,
      instances: machines.map(({ node, instance }) => ({ name: node.name, instance })),
      ports: args.ports,
    };
    return new AwsLoadBalancer(name, settings, { parent: this }).balancer;
  }

  /** The swarm starts on the first manager; the others join when they answer. No token is in anything that AWS sees. */
  #form(args: AwsClusterArgs, machines: readonly { node: AwsNode; instance: Instance }[]): void {
    const [first] = machines;
    if (!first) throw new Error(`Cluster ${args.name} has no manager.`);
    const swarm = new Swarm(
      args.name,
      { ...this.#addresses(args, first), ...swarmSettings(args) },
      { parent: this, dependsOn: first.instance, deletedWith: first.instance },
    );
    for (const { node, instance } of machines) {
      const { name, role, availability, labels } = node;
      new Node(
        name,
        { ...this.#addresses(args, { node, instance }), role, availability, labels },
        { parent: this, dependsOn: [swarm, instance], deletedWith: swarm },
      );
    }
  }

  #addresses({ onPlace }: AwsClusterArgs, { node, instance }: { node: AwsNode; instance: Instance }) {
    const endpoint = placeOf(node.name, instance).apply(async (place) => {
      await onPlace(place);
      return node.endpoint;
    });
    return { endpoint, advertiseAddress: instance.privateIp };
  }
}

function placeOf(name: string, { id, privateIp, publicIp }: Instance): pulumi.Output<AwsPlace> {
  return pulumi.all([id, privateIp, publicIp]).apply(([instanceId, privateAddress, publicAddress]) => ({
    name,
    instanceId,
    privateIp: privateAddress,
    publicIp: publicAddress ?? '',
  }));
}
