import { expect, test } from 'vitest';
import { endpointSpec } from './ports.ts';

test.each([
  [undefined, undefined, {}],
  ['DNSRR', [], { Mode: 'dnsrr' }],
  [
    'vip',
    [
      { mode: 'host', target: 443, published: 8443, protocol: 'tcp' },
      { mode: 'ingress', target: 80, published: 80, protocol: 'udp' },
      { target: 9000 },
    ],
    {
      Mode: 'vip',
      Ports: [
        { TargetPort: 9000 },
        { PublishMode: 'ingress', TargetPort: 80, PublishedPort: 80, Protocol: 'udp' },
        { PublishMode: 'host', TargetPort: 443, PublishedPort: 8443, Protocol: 'tcp' },
      ],
    },
  ],
])('endpointSpec(%j, %j) is %j', (mode, ports, expected) => {
  expect(endpointSpec(mode, ports)).toEqual(expected);
});
