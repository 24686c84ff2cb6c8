import * as pulumi from '@pulumi/pulumi';
import type { ArrivalInputs } from '../provider/arrival.ts';
import type { EngineInputs } from '../provider/engine.ts';
import type { MachineNetworkInputs } from '../provider/machine-network.ts';
import type { NetworkInputs } from '../provider/network.ts';
import type { NodeInputs } from '../provider/node.ts';
import type { PortCheckInputs } from '../provider/port-check.ts';
import type { ServiceInputs } from '../provider/service.ts';
import type { ContentInputs } from '../provider/stored-content.ts';
import type { SwarmInputs } from '../provider/swarm.ts';

// The resources of the provider in provider/, as classes that a program makes. What each does is said there.

type Args<Inputs> = { [Key in keyof Inputs]: pulumi.Input<Inputs[Key]> };

const version = '0.1.0';

class SwarmResource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: object, options: pulumi.CustomResourceOptions = {}) {
    super(`swarm:index:${type}`, name, { ...args }, { version, ...options });
  }
}

export class MachineNetwork extends SwarmResource {
  constructor(name: string, args: Args<MachineNetworkInputs>, options?: pulumi.CustomResourceOptions) {
    super('MachineNetwork', name, args, options);
  }
}

/** The engine of a machine that is there already. */
export class Engine extends SwarmResource {
  declare readonly engineVersion: pulumi.Output<string>;

  constructor(name: string, args: Args<EngineInputs>, options?: pulumi.CustomResourceOptions) {
    super('Engine', name, { engineVersion: undefined, ...args }, options);
  }
}

export class PortCheck extends SwarmResource {
  constructor(name: string, args: Args<PortCheckInputs>, options?: pulumi.CustomResourceOptions) {
    super('PortCheck', name, args, options);
  }
}

/** The first answer of a machine that was just made. */
export class Arrival extends SwarmResource {
  constructor(name: string, args: Args<ArrivalInputs>, options?: pulumi.CustomResourceOptions) {
    super('Arrival', name, args, options);
  }
}

export class Swarm extends SwarmResource {
  declare readonly swarmId: pulumi.Output<string>;

  constructor(name: string, args: Args<SwarmInputs>, options?: pulumi.CustomResourceOptions) {
    super('Swarm', name, { swarmId: undefined, ...args }, options);
  }
}

export class Node extends SwarmResource {
  declare readonly nodeId: pulumi.Output<string>;

  constructor(name: string, args: Args<NodeInputs>, options?: pulumi.CustomResourceOptions) {
    super('Node', name, { nodeId: undefined, ...args }, options);
  }
}

export class Network extends SwarmResource {
  constructor(name: string, args: Args<NetworkInputs>, options?: pulumi.CustomResourceOptions) {
    super('Network', name, args, options);
  }
}

export class Config extends SwarmResource {
  constructor(name: string, args: Args<ContentInputs>, options?: pulumi.CustomResourceOptions) {
    super('Config', name, args, options);
  }
}

export class Secret extends SwarmResource {
  constructor(name: string, args: Args<ContentInputs>, options?: pulumi.CustomResourceOptions) {
    super('Secret', name, args, options);
  }
}

export class Service extends SwarmResource {
  constructor(name: string, args: Args<ServiceInputs>, options?: pulumi.CustomResourceOptions) {
    super('Service', name, args, options);
  }
}

/** What the swarm has already under an id, taken into the state as it is there. */
export class Existing extends SwarmResource {
  /** @param known what reading it needs to know, or what the swarm does not tell. */
  constructor(
    type: ExistingType,
    name: string,
    id: string,
    known: object,
    options: pulumi.CustomResourceOptions,
  ) {
    super(type, name, { ...known, adopt: id }, options);
  }
}

export type ExistingType = 'Network' | 'Config' | 'Secret' | 'Service';
