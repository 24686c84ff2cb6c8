import { everywhere, instancePrice, pricesOf, priceTable } from '../aws/prices.ts';
import { rootVolumeGb } from '../aws/volume.ts';
import type { AwsCluster, Cluster, Fleet } from '../fleet/model.ts';
import type { ClusterCost, CostItem, FleetCost } from '../report/cost-report.ts';

/** As AWS's own calculator: 365 days of 24 hours in 12 months. */
const hoursAMonth = 730;

/** GB that a node exchanges with other zones in a month: the swarm's own traffic and a little of the apps'. */
const guessedGb = 10;

/** What the selected clusters of a fleet cost a month by the price table; local nodes cost nothing. */
export function fleetCost(fleet: Fleet, clusters: readonly Cluster[]): FleetCost {
  const costs = clusters.map(clusterCost);
  const shared = sharedItems(fleet);
  return {
    currency: priceTable.currency,
    ...(fleet.target === 'aws' && { prices: { date: priceTable.date, source: priceTable.source } }),
    clusters: costs,
    shared,
    monthly: cents(sum(costs) + sum(shared)),
  };
}

function clusterCost(cluster: Cluster): ClusterCost {
  const { name, region, aws } = cluster;
  const items = aws ? itemsOf(cluster, aws).filter(({ quantity }) => quantity > 0) : [];
  return { name, region, items, monthly: cents(sum(items)) };
}

function itemsOf({ region, managers, workers }: Cluster, aws: AwsCluster): CostItem[] {
  const nodes = managers + workers;
  const { zones, gp3, nat, nlb } = pricesOf(region);
  const gateways = { none: 0, one: 1, 'per-zone': zones }[aws.nat];
  const balancers = aws.loadBalancer === 'none' ? 0 : 1;
  const addresses =
    (aws.subnets === 'public' ? nodes : 0) + gateways + (aws.loadBalancer === 'public' ? zones : 0);
  const gb = nodes > 1 ? nodes * guessedGb : 0;
  return [
    hourly(aws.instanceType, nodes, instancePrice(region, aws.instanceType)),
    item(`gp3 volume of ${rootVolumeGb} GB`, nodes, rootVolumeGb * gp3),
    hourly('NAT gateway', gateways, nat),
    hourly('network load balancer', balancers, nlb),
    hourly('public IPv4 address', addresses, everywhere.publicIpv4),
    { ...item('GB between zones', gb, everywhere.betweenZones), isGuess: true },
  ];
}

/** Aliases of load balancers in Route 53, and asking whether they are healthy, are free. */
function sharedItems({ aws }: Fleet): CostItem[] {
  return aws?.global === 'accelerator' ? [hourly('global accelerator', 1, everywhere.accelerator)] : [];
}

function hourly(what: string, quantity: number, price: number): CostItem {
  return item(what, quantity, price * hoursAMonth);
}

function item(what: string, quantity: number, price: number): CostItem {
  return { what, quantity, monthly: cents(quantity * price) };
}

function sum(parts: readonly { monthly: number }[]): number {
  return parts.reduce((total, { monthly }) => total + monthly, 0);
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
