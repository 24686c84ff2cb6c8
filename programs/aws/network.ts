import { Eip } from '@pulumi/aws/ec2/eip.js';
import { InternetGateway } from '@pulumi/aws/ec2/internetGateway.js';
import { NatGateway } from '@pulumi/aws/ec2/natGateway.js';
import { Route } from '@pulumi/aws/ec2/route.js';
import { RouteTable } from '@pulumi/aws/ec2/routeTable.js';
import { RouteTableAssociation } from '@pulumi/aws/ec2/routeTableAssociation.js';
import { Subnet } from '@pulumi/aws/ec2/subnet.js';
import { SubnetCidrReservation } from '@pulumi/aws/ec2/subnetCidrReservation.js';
import { Vpc } from '@pulumi/aws/ec2/vpc.js';
import * as pulumi from '@pulumi/pulumi';
import { managerRange, subnetsOf } from '../../src/aws/addresses.ts';

export interface AwsNetworkArgs {
  /** In CIDR form. */
  cidr: string;
  /** Names of availability zones. */
  zones: readonly string[];
  /** What kind the subnets of the instances are. */
  subnets: 'public' | 'private';
  nat: 'none' | 'one' | 'per-zone';
}

/** A VPC with a public subnet in each zone, and private ones where the instances are to have those. */
export class AwsNetwork extends pulumi.ComponentResource {
  readonly vpc: Vpc;
  readonly publicSubnets: Subnet[];
  /** Where the instances are, zone by zone. */
  readonly instanceSubnets: Subnet[];
  readonly routeTables: RouteTable[];
  /** What instances need before they can reach the internet. */
  readonly wayOut: pulumi.Resource[];
  readonly #name: string;

  constructor(name: string, args: AwsNetworkArgs, options: pulumi.ComponentResourceOptions) {
    super('swarmctl:aws:Network', name, {}, options);
    this.#name = name;
    const ranges = subnetsOf(args.cidr, args.zones.length);
    const tags = { Name: name };
    this.vpc = new Vpc(
      name,
      { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags },
      { parent: this },
    );
    this.publicSubnets = this.#subnets('public', args.zones, ranges.public);
    const open = this.#openTable();
    const inPublic = args.subnets === 'public';
    const privateSubnets = inPublic ? [] : this.#subnets('private', args.zones, ranges.private);
    const closed = inPublic ? [] : this.#closedTables(args.nat, privateSubnets);
    this.routeTables = [open.table, ...closed.map(({ table }) => table)];
    this.instanceSubnets = inPublic ? this.publicSubnets : privateSubnets;
    this.wayOut = (inPublic ? [open] : closed).flatMap(({ ready }) => ready);
    this.#reserve(inPublic ? ranges.public : ranges.private);
    this.registerOutputs({});
  }

  #subnets(kind: 'public' | 'private', zones: readonly string[], ranges: readonly string[]): Subnet[] {
    return zones.map((availabilityZone, index) => {
      const name = `${this.#name}-${kind}-${index + 1}`;
      return new Subnet(
        name,
        {
          vpcId: this.vpc.id,
          cidrBlock: ranges[index] ?? '',
          availabilityZone,
          // Instances say for themselves whether they have one.
          mapPublicIpOnLaunch: false,
          tags: { Name: name },
        },
        // A zone that is closed for a while must not move what is in it.
        { parent: this, ignoreChanges: ['availabilityZone'] },
      );
    });
  }

  #openTable(): { table: RouteTable; ready: pulumi.Resource[] } {
    const parent = { parent: this };
    const gateway = new InternetGateway(
      this.#name,
      { vpcId: this.vpc.id, tags: { Name: this.#name } },
      parent,
    );
    const table = this.#table('public');
    const route = new Route(
      `${this.#name}-public`,
      { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id },
      parent,
    );
    return { table, ready: [route, ...this.#associate('public', table, this.publicSubnets)] };
  }

  /** One table for all private subnets, or one each where each zone has a gateway of its own. */
  #closedTables(
    nat: AwsNetworkArgs['nat'],
    subnets: Subnet[],
  ): { table: RouteTable; ready: pulumi.Resource[] }[] {
    const groups = nat === 'per-zone' ? subnets.map((subnet) => [subnet]) : [subnets];
    return groups.map((group, index) => {
      const suffix = `private-${index + 1}`;
      const table = this.#table(suffix);
      const gateway = this.#natGateway(index);
      const route = new Route(
        `${this.#name}-${suffix}`,
        { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: gateway.id },
        { parent: this },
      );
      return { table, ready: [route, ...this.#associate(suffix, table, group)] };
    });
  }

  #natGateway(index: number): NatGateway {
    const name = `${this.#name}-nat-${index + 1}`;
    const address = new Eip(name, { domain: 'vpc', tags: { Name: name } }, { parent: this });
    const subnet = this.publicSubnets[index];
    if (!subnet) throw new Error(`${this.#name} has no public subnet ${index + 1}.`);
    return new NatGateway(
      name,
      { allocationId: address.id, subnetId: subnet.id, tags: { Name: name } },
      { parent: this },
    );
  }

  #table(suffix: string): RouteTable {
    const name = `${this.#name}-${suffix}`;
    // Routes stand for themselves: those of peerings are made elsewhere.
    return new RouteTable(
      name,
      { vpcId: this.vpc.id, tags: { Name: name } },
      { parent: this, ignoreChanges: ['routes'] },
    );
  }

  #associate(suffix: string, table: RouteTable, subnets: readonly Subnet[]): RouteTableAssociation[] {
    return subnets.map(
      (subnet, index) =>
        new RouteTableAssociation(
          `${this.#name}-${suffix}-${index + 1}`,
          { routeTableId: table.id, subnetId: subnet.id },
          { parent: this },
        ),
    );
  }

  /** AWS gives out no addresses of these by itself: managers have fixed ones. */
  #reserve(ranges: readonly string[]): void {
    for (const [index, subnet] of this.instanceSubnets.entries())
      new SubnetCidrReservation(
        `${this.#name}-managers-${index + 1}`,
        { subnetId: subnet.id, cidrBlock: managerRange(ranges[index] ?? ''), reservationType: 'explicit' },
        { parent: this },
      );
  }
}
