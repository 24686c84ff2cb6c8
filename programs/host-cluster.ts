import * as pulumi from '@pulumi/pulumi';
import type { Availability, NodeRole } from '../provider/membership.ts';
import type { SwarmInputs } from '../provider/swarm.ts';
import { Node, Swarm } from './swarm-resources.ts';
import { swarmSettings } from './swarm-settings.ts';

/** One machine that is there already. */
export interface HostNode {
  name: string;
  role: NodeRole;
  /** Of its engine. */
  endpoint: string;
  /** How the others reach it, as the resources of the swarm take it. */
  advertiseAddress: string;
  dataPathAddress?: string;
  availability: Availability;
  /** Labels of the node in the swarm. */
  labels: Record<string, string>;
}

export interface HostClusterArgs {
  fleet: string;
  name: string;
  /** Managers first. */
  nodes: HostNode[];
  /** Ranges that the swarm's overlay networks get their subnets from, in CIDR form, and the prefix length of those. */
  overlays: Pick<SwarmInputs, 'addressPool' | 'subnetSize'>;
  /** Whether a manager that restarts is locked until it is given the unlock key. */
  autolock: boolean;
}

/** A swarm on machines that are there already. */
export class HostCluster extends pulumi.ComponentResource {
  constructor(args: HostClusterArgs) {
    super('swarmctl:hosts:Cluster', args.name, {});
    const swarm = this.#swarm(args);
    for (const node of args.nodes) this.#node(node, swarm);
    this.registerOutputs({});
  }

  #swarm(args: HostClusterArgs): Swarm {
    const [first] = args.nodes;
    if (!first) throw new Error(`Cluster ${args.name} has no manager.`);
    const { endpoint, advertiseAddress, dataPathAddress } = first;
    const own = { endpoint, advertiseAddress, ...(dataPathAddress && { dataPathAddress }) };
    return new Swarm(args.name, { ...own, ...swarmSettings(args) }, { parent: this });
  }

  #node({ name, ...node }: HostNode, swarm: Swarm): Node {
    return new Node(name, node, { parent: this, dependsOn: swarm, deletedWith: swarm });
  }
}
