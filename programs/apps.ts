import * as pulumi from '@pulumi/pulumi';
import { type FileObject, nameInSwarm } from '../src/compose/file-objects.ts';
import type { Stack } from '../src/compose/stack.ts';
import type { ConfigReference, SecretReference, ServiceSpec } from '../src/docker/engine-spec.ts';
import { canonicalServiceSpec } from '../src/docker/service-spec.ts';
import { Config, Network, Secret, Service } from './swarm-resources.ts';

export interface AppsArgs {
  stack: Stack;
  /** Key of the hash in the names of configs and secrets. */
  fleetKey: string;
  /** Names of configs and secrets that were adopted and have not changed since, by their content key. */
  keptNames: ReadonlyMap<string, string>;
  /** Ids in the swarm of what the stack uses and does not own, by name. */
  externals: { networks: Map<string, string>; configs: Map<string, string>; secrets: Map<string, string> };
  /** Seconds that each service has to converge. */
  deadlineSeconds: number;
}

/** What a service refers to: the name in the swarm and the id there. */
interface Reference {
  name: string;
  id: pulumi.Input<string>;
}

/** The type of what a cluster's apps stand under in the state. */
export const appsComponent = 'swarmctl:apps:Stack';

/** The apps of one cluster: everything that its compose files ask for. */
export class Apps extends pulumi.ComponentResource {
  constructor(args: AppsArgs) {
    super(appsComponent, args.stack.name, {});
    const networks = this.#networks(args);
    const configs = this.#stored(args, 'configs');
    const secrets = this.#stored(args, 'secrets');
    for (const spec of args.stack.services) {
      // In the form in which specs are compared, so that a difference that is shown is one.
      const canonical = canonicalServiceSpec(spec);
      const service = { ...canonical, TaskTemplate: connect(canonical, networks, configs, secrets) };
      this.#service(service, args.deadlineSeconds);
    }
    this.registerOutputs({});
  }

  #networks({ stack, externals }: AppsArgs): Map<string, pulumi.Input<string>> {
    const ids = new Map<string, pulumi.Input<string>>(externals.networks);
    for (const spec of stack.networks)
      ids.set(spec.Name, new Network(spec.Name, { spec }, { parent: this }).id);
    return ids;
  }

  #stored(args: AppsArgs, kind: 'configs' | 'secrets'): Map<string, Reference> {
    return new Map(
      args.stack[kind].map((object) => {
        const id = args.externals[kind].get(object.name);
        return [object.name, id === undefined ? this.#store(object, kind, args) : { name: object.name, id }];
      }),
    );
  }

  /** The name is made from the plain content: made from a secret output, it would turn every user of it secret. */
  #store(object: FileObject, kind: 'configs' | 'secrets', { fleetKey, keptNames }: AppsArgs): Reference {
    if (object.external) throw new Error(`External ${kind} ${object.name} was not looked up.`);
    const { labels, driver, templating } = object;
    const name = nameInSwarm(kind, object, { fleetKey, keptNames });
    const data = object.data.toString('base64');
    const [Resource, content] = kind === 'secrets' ? [Secret, pulumi.secret(data)] : [Config, data];
    const args = {
      name,
      data: content,
      labels,
      ...(driver && { driver }),
      ...(templating && { templating }),
    };
    // A version that nothing uses any more is kept for a rollback: what is too old for that is pruned.
    const { id } = new Resource(name, args, { parent: this, retainOnDelete: true });
    return { name, id };
  }

  #service(spec: pulumi.Input<object>, deadlineSeconds: number): Service {
    const { Name } = spec as ServiceSpec;
    const args = { spec: spec as pulumi.Input<ServiceSpec>, deadlineSeconds };
    return new Service(Name, args, { parent: this });
  }
}

/** The task template with the ids of networks, configs and secrets in the place of their names. */
function connect(
  { TaskTemplate }: ServiceSpec,
  networks: Map<string, pulumi.Input<string>>,
  configs: Map<string, Reference>,
  secrets: Map<string, Reference>,
): object {
  const { ContainerSpec, Networks, ...rest } = TaskTemplate;
  const { Configs, Secrets, ...container } = ContainerSpec;
  const credentials = container.Privileges?.CredentialSpec?.Config;
  return {
    ...rest,
    ContainerSpec: {
      ...container,
      ...(credentials && { Privileges: { CredentialSpec: { Config: configs.get(credentials)?.id } } }),
      ...(Configs ? { Configs: Configs.map((reference) => configReference(reference, configs)) } : {}),
      ...(Secrets ? { Secrets: Secrets.map((reference) => secretReference(reference, secrets)) } : {}),
    },
    ...(Networks ? { Networks: Networks.map((one) => ({ ...one, Target: networks.get(one.Target) })) } : {}),
  };
}

function configReference(reference: ConfigReference, configs: Map<string, Reference>): object {
  const config = configs.get(reference.ConfigName);
  return { ...reference, ConfigID: config?.id, ConfigName: config?.name };
}

function secretReference({ File, SecretName }: SecretReference, secrets: Map<string, Reference>): object {
  const secret = secrets.get(SecretName);
  return { File, SecretID: secret?.id, SecretName: secret?.name };
}
