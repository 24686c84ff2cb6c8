import { Instance } from '@pulumi/aws/ec2/instance.js';
import { Provider } from '@pulumi/aws/provider.js';
import * as pulumi from '@pulumi/pulumi';
import type { DaemonJson } from '../provider/daemon-json.ts';
import type { Availability, NodeRole } from '../provider/membership.ts';
import type { SwarmInputs } from '../provider/swarm.ts';
import { managerAddress, subnetsOf } from '../src/aws/addresses.ts';
import { zoneOf } from '../src/aws/spread.ts';
import type { Place } from '../src/aws/ssh-files.ts';
import { rootVolumeGb } from '../src/aws/volume.ts';
import { zoneLabel } from '../src/docker/zones.ts';
import { AwsAccess } from './aws/access.ts';
import { AwsLoadBalancer } from './aws/load-balancer.ts';
import { type Found, lookUp } from './aws/look-up.ts';
import { AwsNetwork } from './aws/network.ts';
import { Arrival, Engine, Node, Swarm } from './swarm-resources.ts';
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
  /** Docker Engine: a major version or an exact one. */
  engine: string;
  /** Settings of daemon.json, by its own keys. */
  daemon: DaemonJson;
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
  /** US dollars that it was said to cost; kept with the state, to tell the difference later. */
  monthly: number;
  /** Told where an instance is, before anything connects to it. */
  onPlace(place: Place): Promise<void>;
}

/** What other stacks, and later runs, need to know of a cluster. */
export interface AwsClusterOutputs {
  monthly: number;
  places: pulumi.Output<Place[]>;
  /** Of the VPC. */
  cidr: string;
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
      monthly: args.monthly,
      cidr,
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
    machines: readonly Machine[],
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
  #form(args: AwsClusterArgs, machines: readonly Machine[]): void {
    const arrived = machines.map((machine) => this.#arrive(args, machine));
    const [first] = arrived;
    if (!first) throw new Error(`Cluster ${args.name} has no manager.`);
    const swarm = new Swarm(
      args.name,
      { ...first.addresses, ...swarmSettings(args) },
      { parent: this, dependsOn: first.ready, deletedWith: first.instance },
    );
    for (const { node, instance, ready, addresses } of arrived) {
      const { name, role, availability } = node;
      const labels = instance.availabilityZone.apply((zone) => ({ [zoneLabel]: zone, ...node.labels }));
      new Node(
        name,
        { ...addresses, role, availability, labels },
        { parent: this, dependsOn: [swarm, ready], deletedWith: swarm },
      );
    }
  }

  #arrive({ onPlace, engine, daemon }: AwsClusterArgs, { node, instance }: Machine) {
    const endpoint = placeOf(node.name, instance).apply(async (place) => {
      await onPlace(place);
      return node.endpoint;
    });
    const arrival = new Arrival(
      node.name,
      { endpoint, instance: instance.id },
      { parent: this, deletedWith: instance },
    );
    const ready = new Engine(
      node.name,
      { endpoint, version: engine, daemon, removeEngine: false },
      { parent: this, dependsOn: arrival, deletedWith: instance },
    );
    return { node, instance, ready, addresses: { endpoint, advertiseAddress: instance.privateIp } };
  }
}

interface Machine {
  node: AwsNode;
  instance: Instance;
}

function placeOf(name: string, { id, privateIp, publicIp }: Instance): pulumi.Output<Place> {
  return pulumi.all([id, privateIp, publicIp]).apply(([instanceId, privateAddress, publicAddress]) => ({
    name,
    instanceId,
    privateIp: privateAddress,
    publicIp: publicAddress ?? '',
  }));
}
