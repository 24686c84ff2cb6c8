import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { Availability, NodeRole } from '../provider/membership.ts';
import { localNodeEndpoint } from '../src/docker/endpoint.ts';
import { MachineNetwork, Node, Swarm } from './swarm-resources.ts';
import { ownership, swarmSettings } from './swarm-settings.ts';

/** One node of a local cluster: a container that runs an engine of its own. */
export interface LocalNode {
  /** Name of the container and of the node. */
  name: string;
  role: NodeRole;
  /** IPv4 address in the cluster's network; it stays the same when the outer engine restarts. */
  address: string;
  availability: Availability;
  /** Labels of the node in the swarm. */
  labels: Record<string, string>;
}

export interface LocalClusterArgs {
  fleet: string;
  /** Of the state that the machines are kept in: by it those of a run that was killed are known again. */
  state: string;
  name: string;
  /** Image of the nodes. */
  image: string;
  /** The Docker network of the machines, and its IPv4 range in CIDR form. */
  network: { name: string; subnet: string };
  /** Managers first. */
  nodes: LocalNode[];
  /** Ranges that the swarm's overlay networks get their subnets from, in CIDR form, and the prefix length of those. */
  overlays: { addressPool: string[]; subnetSize: number };
  /** Whether a manager that restarts is locked until it is given the unlock key. */
  autolock: boolean;
  limits?: { cpus?: number; memoryBytes?: number };
}

export const stateLabel = 'swarmctl.state';

const bytesPerMiB = 1024 * 1024;

/** A swarm whose machines are containers of the engine on this machine. */
export class LocalCluster extends pulumi.ComponentResource {
  constructor(args: LocalClusterArgs) {
    super('swarmctl:local:Cluster', args.name, {});
    const network = this.#network(args);
    const machines = args.nodes.map((node) => this.#machine(args, node, network));
    const swarm = this.#swarm(args, machines);
    for (const [index, node] of args.nodes.entries()) this.#node(node, swarm, machines[index]);
    this.registerOutputs({});
  }

  #network({ network: { name, subnet }, ...args }: LocalClusterArgs): MachineNetwork {
    const labels = machineLabels(args);
    return new MachineNetwork(name, { name, subnet, labels }, { parent: this, ignoreChanges: ['labels'] });
  }

  #machine(args: LocalClusterArgs, node: LocalNode, network: MachineNetwork): docker.Container {
    const volume = new docker.Volume(
      node.name,
      { name: node.name, labels: dockerLabels(args) },
      { parent: this, ignoreChanges: ['labels'] },
    );
    const { cpus, memoryBytes } = args.limits ?? {};
    return new docker.Container(
      node.name,
      {
        name: node.name,
        hostname: node.name,
        image: args.image,
        privileged: true,
        // An engine that comes back after a crash stops what still runs: with unless-stopped, for good.
        restart: 'always',
        // Else the provider's refresh removes a container that it finds stopped.
        mustRun: false,
        volumes: [{ volumeName: volume.name, containerPath: '/var/lib/docker' }],
        networksAdvanced: [{ name: args.network.name, ipv4Address: node.address }],
        labels: dockerLabels(args),
        ...(cpus === undefined ? {} : { cpus: String(cpus) }),
        ...(memoryBytes === undefined ? {} : { memory: Math.ceil(memoryBytes / bytesPerMiB) }),
      },
      // Another image or label would replace all machines at once, and with them the quorum. The mode is another where
      // a person made the container in the same network.
      { parent: this, dependsOn: network, ignoreChanges: ['image', 'labels', 'networkMode'] },
    );
  }

  /** The swarm starts on the first manager and goes when that machine goes with all the others. */
  #swarm(args: LocalClusterArgs, machines: docker.Container[]): Swarm {
    const [first, machine] = [args.nodes[0], machines[0]];
    if (!first || !machine) throw new Error(`Cluster ${args.name} has no manager.`);
    return new Swarm(
      args.name,
      {
        endpoint: localNodeEndpoint(first.name),
        advertiseAddress: first.address,
        ...swarmSettings(args),
      },
      { parent: this, dependsOn: machine, deletedWith: machine },
    );
  }

  #node(node: LocalNode, swarm: Swarm, machine: docker.Container | undefined): Node {
    return new Node(
      node.name,
      {
        endpoint: localNodeEndpoint(node.name),
        advertiseAddress: node.address,
        role: node.role,
        availability: node.availability,
        labels: node.labels,
      },
      { parent: this, dependsOn: machine ? [swarm, machine] : swarm, deletedWith: swarm },
    );
  }
}

/** What is on the outer engine also says which of the fleets of this name it belongs to. */
function machineLabels(args: { fleet: string; state: string; name: string }): Record<string, string> {
  return { ...ownership(args), [stateLabel]: args.state };
}

function dockerLabels(args: Parameters<typeof machineLabels>[0]): { label: string; value: string }[] {
  return Object.entries(machineLabels(args)).map(([label, value]) => ({ label, value }));
}
