import type { Instance } from '@pulumi/aws/ec2/instance.js';
import { SecurityGroup } from '@pulumi/aws/ec2/securityGroup.js';
import { Listener } from '@pulumi/aws/lb/listener.js';
import { LoadBalancer } from '@pulumi/aws/lb/loadBalancer.js';
import { TargetGroup } from '@pulumi/aws/lb/targetGroup.js';
import { TargetGroupAttachment } from '@pulumi/aws/lb/targetGroupAttachment.js';
import { SecurityGroupEgressRule } from '@pulumi/aws/vpc/securityGroupEgressRule.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import * as pulumi from '@pulumi/pulumi';

export interface AwsLoadBalancerArgs {
  internal: boolean;
  vpcId: pulumi.Input<string>;
  /** Ranges that may send requests. */
  from: readonly string[];
  subnetIds: pulumi.Input<string>[];
  /** Security group of the instances. */
  nodes: SecurityGroup;
  instances: readonly { name: string; instance: Instance }[];
  /** Published TCP ports. */
  ports: readonly number[];
}

const healthCheck = {
  protocol: 'TCP',
  port: 'traffic-port',
  interval: 10,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};

/** A network load balancer that sends to nodes which take connections on a published port. */
export class AwsLoadBalancer extends pulumi.ComponentResource {
  readonly balancer: LoadBalancer;
  readonly #name: string;
  readonly #group: SecurityGroup;

  constructor(name: string, args: AwsLoadBalancerArgs, options: pulumi.ComponentResourceOptions) {
    super('swarmctl:aws:LoadBalancer', name, {}, options);
    this.#name = name;
    this.#group = new SecurityGroup(
      `${name}-lb`,
      { vpcId: args.vpcId, description: `Load balancer of the swarm ${name}`, tags: { Name: `${name}-lb` } },
      { parent: this, ignoreChanges: ['ingress', 'egress'] },
    );
    this.balancer = new LoadBalancer(
      name,
      {
        // The longest that AWS allows; the tag has the full name.
        namePrefix: 'swarm-',
        loadBalancerType: 'network',
        internal: args.internal,
        subnets: args.subnetIds,
        securityGroups: [this.#group.id],
        enableCrossZoneLoadBalancing: true,
        tags: { Name: name },
      },
      { parent: this },
    );
    for (const port of args.ports) this.#open(port, args);
    this.registerOutputs({});
  }

  #open(port: number, { from, vpcId, nodes, instances }: AwsLoadBalancerArgs): void {
    for (const cidrIpv4 of from) this.#allow(`${this.#name}-${port}-${cidrIpv4}`, port, { cidrIpv4 });
    this.#pass(port, nodes);
    const targets = new TargetGroup(
      `${this.#name}-${port}`,
      { namePrefix: 'swarm-', port, protocol: 'TCP', targetType: 'instance', vpcId, healthCheck },
      { parent: this },
    );
    for (const { name, instance } of instances)
      new TargetGroupAttachment(
        `${name}-${port}`,
        { targetGroupArn: targets.arn, targetId: instance.id, port },
        { parent: this },
      );
    new Listener(
      `${this.#name}-${port}`,
      {
        loadBalancerArn: this.balancer.arn,
        port,
        protocol: 'TCP',
        defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
      },
      { parent: this },
    );
  }

  #allow(name: string, port: number, source: { cidrIpv4: string }): void {
    new SecurityGroupIngressRule(
      name,
      { securityGroupId: this.#group.id, ...source, ipProtocol: 'tcp', fromPort: port, toPort: port },
      { parent: this },
    );
  }

  /** Out of the load balancer's group, and into that of the nodes. */
  #pass(port: number, nodes: SecurityGroup): void {
    const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port };
    new SecurityGroupEgressRule(
      `${this.#name}-${port}-out`,
      { ...rule, securityGroupId: this.#group.id, referencedSecurityGroupId: nodes.id },
      { parent: this },
    );
    new SecurityGroupIngressRule(
      `${this.#name}-${port}-in`,
      { ...rule, securityGroupId: nodes.id, referencedSecurityGroupId: this.#group.id },
      { parent: this },
    );
  }
}
