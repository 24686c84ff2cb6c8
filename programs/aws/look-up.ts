import { getInstanceTypeOfferings } from '@pulumi/aws/ec2/getInstanceTypeOfferings.js';
import { getAvailabilityZones } from '@pulumi/aws/getAvailabilityZones.js';
import type { Provider } from '@pulumi/aws/provider.js';
import { getParameter } from '@pulumi/aws/ssm/getParameter.js';
import { type Architecture, architectureOf } from '../../src/aws/prices.ts';

/** What a cluster's program has to ask AWS before it can say what there should be. */
export interface Found {
  /** Names of availability zones that have the instance type, as many as the cluster is spread over. */
  zones: string[];
  /** Image of new instances; those that exist keep theirs. */
  ami: string;
}

/**
 * @param zones how many there should be.
 * @throws Error where the account has fewer with this instance type.
 */
export async function lookUp(provider: Provider, instanceType: string, zones: number): Promise<Found> {
  const [open, offered, image] = await Promise.all([
    getAvailabilityZones(
      { state: 'available', filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }] },
      { provider },
    ),
    getInstanceTypeOfferings(
      { locationType: 'availability-zone', filters: [{ name: 'instance-type', values: [instanceType] }] },
      { provider },
    ),
    getParameter({ name: imageParameter(architectureOf(instanceType)) }, { provider }),
  ]);
  const usable = open.names.filter((name) => offered.locations.includes(name)).toSorted();
  if (usable.length < zones) {
    throw new Error(
      `The account has ${usable.length} availability zones with ${instanceType}, and ${zones} are needed.`,
    );
  }
  return { zones: usable.slice(0, zones), ami: image.value };
}

/**
 * Where Canonical publishes its current image: Ubuntu 24.04 LTS, which has the agent of SSM. As in its documentation,
 * "Find Ubuntu images on AWS".
 */
function imageParameter(architecture: Architecture): string {
  return `/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture}/hvm/ebs-gp3/ami-id`;
}
