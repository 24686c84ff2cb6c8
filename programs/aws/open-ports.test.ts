import { expect, test } from 'vitest';
import { admitted, group, resourcesOf } from './sample-cluster.ts';

test('a public load balancer: its group takes published ports from all, and the nodes take them from it', async () => {
  const { of, inputs } = await resourcesOf({ loadBalancer: 'public' });
  const balancer = 'shop-us-east-1-lb-id';
  const rules = admitted(of('SecurityGroupIngressRule')).filter((rule) => /80|8443/.test(rule));
  expect(rules.toSorted()).toEqual(
    [8080, 8443]
      .flatMap((port) => [
        `${balancer} tcp ${port}-${port} from 0.0.0.0/0`,
        `${group} tcp ${port}-${port} from ${balancer}`,
      ])
      .toSorted(),
  );
  expect(inputs('LoadBalancer')).toMatchObject([{ loadBalancerType: 'network', internal: false }]);
  expect(inputs('TargetGroup').map(({ healthCheck }) => healthCheck)).toMatchObject([
    { protocol: 'TCP', port: 'traffic-port' },
    { protocol: 'TCP', port: 'traffic-port' },
  ]);
  expect(of('TargetGroupAttachment')).toHaveLength(6);
});

test('an internal load balancer takes requests from the VPC', async () => {
  const { of, inputs } = await resourcesOf({ loadBalancer: 'internal', subnets: 'private', nat: 'one' });
  const rules = admitted(of('SecurityGroupIngressRule')).filter((rule) => rule.includes('-lb-id tcp'));
  expect(rules).toEqual([
    'shop-us-east-1-lb-id tcp 8080-8080 from 10.10.0.0/16',
    'shop-us-east-1-lb-id tcp 8443-8443 from 10.10.0.0/16',
  ]);
  expect(inputs('LoadBalancer')).toMatchObject([
    {
      internal: true,
      subnets: ['shop-us-east-1-private-1-id', 'shop-us-east-1-private-2-id', 'shop-us-east-1-private-3-id'],
    },
  ]);
});

test('nothing but a public load balancer is open to the world', async () => {
  for (const change of [
    {},
    { sshCidrs: ['203.0.113.7/32'] },
    { loadBalancer: 'internal' as const },
    { subnets: 'private' as const, nat: 'per-zone' as const },
  ]) {
    const { of } = await resourcesOf(change);
    const rules = admitted(of('SecurityGroupIngressRule'));
    expect(rules.filter((rule) => rule.includes('0.0.0.0/0'))).toEqual([]);
  }
});
