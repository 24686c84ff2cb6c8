import * as pulumi from '@pulumi/pulumi';
import type { EngineInputs } from '../provider/engine.ts';
import type { Availability, NodeRole } from '../provider/membership.ts';
import type { SwarmInputs } from '../provider/swarm.ts';
import { Engine, Node, PortCheck, Swarm } from './swarm-resources.ts';
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
  /** Whether commands can be run on the machine, so that it can be set up. */
  hasShell: boolean;
}

export interface HostClusterArgs {
  fleet: string;
  name: string;
  /** Managers first. */
  nodes: HostNode[];
  /** The engines of machines that can be set up. */
  engine: Pick<EngineInputs, 'version' | 'removeEngine'> & Required<Pick<EngineInputs, 'daemon'>>;
  /** Ranges that the swarm's overlay networks get their subnets from, in CIDR form, and the prefix length of those. */
  overlays: Pick<SwarmInputs, 'addressPool' | 'subnetSize'>;
  /** Whether a manager that restarts is locked until it is given the unlock key. */
  autolock: boolean;
}

/** A swarm on machines that are there already. */
export class HostCluster extends pulumi.ComponentResource {
  constructor(args: HostClusterArgs) {
    super('swarmctl:hosts:Cluster', args.name, {});
    const ports = this.#ports(args);
    const engines = args.nodes.map((node) => this.#engine(args, node, ports));
    const swarm = this.#swarm(args, engines);
    for (const [index, node] of args.nodes.entries()) this.#node(node, swarm, engines[index]);
    this.registerOutputs({});
  }

  /** Before anything is installed: machines that do not reach each other are left as they are. */
  #ports({ name, nodes }: HostClusterArgs): PortCheck | undefined {
    const machines = nodes
      .filter(({ hasShell }) => hasShell)
      .map(({ name, endpoint, advertiseAddress }) => ({ name, endpoint, advertiseAddress }));
    return machines.length < 2 ? undefined : new PortCheck(name, { machines }, { parent: this });
  }

  #engine(
    { engine }: HostClusterArgs,
    { name, endpoint, hasShell }: HostNode,
    ports: PortCheck | undefined,
  ): Engine {
    const { daemon, ...settings } = engine;
    const args = { endpoint, ...settings, ...(hasShell && { daemon }) };
    return new Engine(name, args, { parent: this, ...(ports && { dependsOn: ports }) });
  }

  /** The machines leave the swarm each for itself when all of them go. */
  #swarm(args: HostClusterArgs, engines: Engine[]): Swarm {
    const [first, engine] = [args.nodes[0], engines[0]];
    if (!first || !engine) throw new Error(`Cluster ${args.name} has no manager.`);
    const { endpoint, advertiseAddress, dataPathAddress } = first;
    const own = { endpoint, advertiseAddress, ...(dataPathAddress && { dataPathAddress }) };
    const options = { parent: this, dependsOn: engine, deletedWith: engine };
    return new Swarm(args.name, { ...own, ...swarmSettings(args) }, options);
  }

  #node({ name, hasShell: _, ...node }: HostNode, swarm: Swarm, engine: Engine | undefined): Node {
    const dependsOn = engine ? [swarm, engine] : swarm;
    return new Node(name, node, { parent: this, dependsOn, deletedWith: swarm });
  }
}
