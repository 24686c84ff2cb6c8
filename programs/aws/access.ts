import { SecurityGroup } from '@pulumi/aws/ec2/securityGroup.js';
import { InstanceProfile } from '@pulumi/aws/iam/instanceProfile.js';
import { Role } from '@pulumi/aws/iam/role.js';
import { RolePolicyAttachment } from '@pulumi/aws/iam/rolePolicyAttachment.js';
import { SecurityGroupEgressRule } from '@pulumi/aws/vpc/securityGroupEgressRule.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import * as pulumi from '@pulumi/pulumi';

/** Between the nodes of a swarm, as in Docker's documentation, "Open protocols and ports between the hosts". */
const swarmRules: readonly Rule[] = [
  { name: 'managers', ipProtocol: 'tcp', ports: [2377, 2377] },
  { name: 'gossip-tcp', ipProtocol: 'tcp', ports: [7946, 7946] },
  { name: 'gossip-udp', ipProtocol: 'udp', ports: [7946, 7946] },
  { name: 'overlay', ipProtocol: 'udp', ports: [4789, 4789] },
  // Overlay networks that are encrypted go by IPsec's ESP.
  { name: 'overlay-encrypted', ipProtocol: '50' },
  // The probes of the benchmark, while they run.
  { name: 'probes-tcp', ipProtocol: 'tcp', ports: [24789, 24790] },
  { name: 'probes-udp', ipProtocol: 'udp', ports: [24789, 24790] },
];

interface Rule {
  name: string;
  ipProtocol: string;
  /** From and to. */
  ports?: [number, number];
}

/** What instances may do by themselves: pull from ECR, and be reached by SSM. */
const policies = ['AmazonSSMManagedInstanceCore', 'AmazonEC2ContainerRegistryReadOnly'];

export interface AwsAccessArgs {
  vpcId: pulumi.Input<string>;
  /** Ranges that may reach port 22. */
  sshCidrs: readonly string[];
}

/** Who may reach a cluster's instances, and what these may do in the account. */
export class AwsAccess extends pulumi.ComponentResource {
  readonly group: SecurityGroup;
  readonly profile: InstanceProfile;
  /** What has to be there for an instance to be reached. */
  readonly rules: pulumi.Resource[];
  readonly #name: string;

  constructor(name: string, args: AwsAccessArgs, options: pulumi.ComponentResourceOptions) {
    super('swarmctl:aws:Access', name, {}, options);
    this.#name = name;
    const description = `Nodes of the swarm ${name}`;
    this.group = new SecurityGroup(
      name,
      { vpcId: args.vpcId, description, tags: { Name: name } },
      // Rules are resources of their own, so those that stand in the group itself are not this program's.
      { parent: this, ignoreChanges: ['ingress', 'egress'] },
    );
    this.rules = [...this.#fromNodes(), ...this.#ssh(args.sshCidrs), this.#toAll()];
    this.profile = this.#profile();
    this.registerOutputs({});
  }

  #fromNodes(): pulumi.Resource[] {
    return swarmRules.map(
      ({ name, ipProtocol, ports }) =>
        new SecurityGroupIngressRule(
          `${this.#name}-${name}`,
          {
            securityGroupId: this.group.id,
            referencedSecurityGroupId: this.group.id,
            ipProtocol,
            ...(ports && { fromPort: ports[0], toPort: ports[1] }),
            description: name,
          },
          { parent: this },
        ),
    );
  }

  #ssh(cidrs: readonly string[]): pulumi.Resource[] {
    return cidrs.map(
      (cidrIpv4) =>
        new SecurityGroupIngressRule(
          `${this.#name}-ssh-${cidrIpv4}`,
          {
            securityGroupId: this.group.id,
            cidrIpv4,
            ipProtocol: 'tcp',
            fromPort: 22,
            toPort: 22,
            description: 'ssh',
          },
          { parent: this },
        ),
    );
  }

  #toAll(): pulumi.Resource {
    return new SecurityGroupEgressRule(
      `${this.#name}-out`,
      { securityGroupId: this.group.id, cidrIpv4: '0.0.0.0/0', ipProtocol: '-1', description: 'out' },
      { parent: this },
    );
  }

  #profile(): InstanceProfile {
    const parent = { parent: this };
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const assumeRolePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    // Names are unique in an account, and two fleets may have the same one.
    const role = new Role(this.#name, { namePrefix: 'swarmctl-', assumeRolePolicy }, parent);
    for (const policy of policies)
      new RolePolicyAttachment(
        `${this.#name}-${policy}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        parent,
      );
    return new InstanceProfile(this.#name, { namePrefix: 'swarmctl-', role: role.name }, parent);
  }
}
