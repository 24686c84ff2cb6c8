import * as pulumi from '@pulumi/pulumi';

/** A resource that a program asked for, and what with. */
export interface RecordedResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const zones = ['a', 'b', 'c'];

/** Runs a program without an engine, as if all its resources were made, and tells what they are. For tests. */
export async function recordResources<T>(
  program: () => Promise<T>,
): Promise<{ resources: RecordedResource[]; result: T }> {
  const resources: RecordedResource[] = [];
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs, custom }) {
      if (!custom) return { id: '', state: inputs };
      resources.push({ type, name, inputs });
      return { id: `${name}-id`, state: { ...inputs, ...outputsOf(type, name, inputs) } };
    },
    call({ token, inputs }) {
      const region = 'us-east-1';
      if (token === 'aws:index/getAvailabilityZones:getAvailabilityZones')
        return { names: [...zones, 'd'].map((zone) => `${region}${zone}`) };
      if (token === 'aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings')
        return { locations: zones.map((zone) => `${region}${zone}`) };
      if (token === 'aws:ssm/getParameter:getParameter') return { value: `ami-of-${inputs.name}` };
      throw new Error(`nothing stands for ${token}`);
    },
  });
  const result = await program();
  await pulumi.runtime.disconnect();
  return { resources, result };
}

function outputsOf(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const arn = `arn:aws:${name}`;
  if (type !== 'aws:ec2/instance:Instance')
    return { arn, name, dnsName: `${name}.example.com`, zoneId: 'Z1' };
  const isPublic = inputs.associatePublicIpAddress === true;
  const availabilityZone = 'us-east-1a';
  return {
    arn,
    availabilityZone,
    privateIp: inputs.privateIp ?? '10.10.0.200',
    publicIp: isPublic ? '203.0.113.9' : '',
  };
}
