import { expect, test } from 'vitest';
import type { NodeReport } from './report.ts';
import { failedCluster, sampleCluster, sampleReport } from './sample-report.ts';
import { statusLines } from './status.ts';
import { createStyle } from './style.ts';

const node: NodeReport = {
  name: 'us-east-1-manager-1',
  role: 'manager',
  leader: true,
  state: 'ready',
  availability: 'active',
  engine: '26.1.5',
  address: '172.30.0.2',
};
const cluster = sampleCluster({
  region: 'virginia',
  nodes: [
    node,
    { ...node, name: 'us-east-1-manager-2', leader: false, state: 'down', availability: 'drain' },
  ],
  services: [
    { name: 'web', running: 1, desired: 2, image: `hello:1@sha256:${'0123456789abcdef'.repeat(4)}` },
  ],
});

function draw(width: number, clusters = [cluster]): string {
  return `\n${statusLines(sampleReport(clusters, 'status'), createStyle(false, width)).join('\n')}\n`;
}

test('nodes, services and addresses of a cluster', () => {
  expect(draw(80)).toBe(`
us-east-1  virginia
  NODE                 ROLE              STATE  AVAILABILITY  ENGINE  ADDRESS
  us-east-1-manager-1  manager (leader)  ready  active        26.1.5  172.30.0.2
  us-east-1-manager-2  manager           down   drain         26.1.5  172.30.0.2

  SERVICE  RUNNING  IMAGE
  web      1/2      hello:1@sha256:0123456789ab

  http://172.30.0.2:8080
`);
});

test('a narrow terminal gets the engine, then the address, left out', () => {
  expect(draw(72)).toContain('  NODE                 ROLE              STATE  AVAILABILITY  ADDRESS\n');
  expect(draw(62)).toContain('  NODE                 ROLE              STATE  AVAILABILITY\n');
});

test('an image that a node lacks is named, with what helps', () => {
  const lacking = { ...cluster, missingImages: [{ node: 'us-east-1-manager-2', image: 'hello:1' }] };
  expect(draw(80, [lacking])).toContain(`
  us-east-1-manager-2 lacks image hello:1
  Run swarmctl up: it loads what is missing.
`);
});

test('a locked manager is called so, with what helps', () => {
  expect(
    draw(90, [sampleCluster({ nodes: [{ ...node, state: 'locked' }], services: [], urls: [] })]),
  ).toContain('us-east-1-manager-1: restarted, and waits for the unlock key. Run swarmctl unlock.');
});

test('zones are shown where a node has one', () => {
  expect(draw(120)).not.toContain('ZONE');
  const spread = [{ ...node, zone: 'eu-west-1a' }, node];
  const [, , heading, first] = draw(120, [sampleCluster({ nodes: spread })]).split('\n');
  expect(heading).toContain('AVAILABILITY  ZONE ');
  expect(first).toContain('active        eu-west-1a  26.1.5');
});

test('a cluster that could not be read says why, and the others are shown', () => {
  const unread = failedCluster({
    services: [],
    error: { code: 'unreachable', message: 'No manager answers.' },
  });
  expect(draw(80, [unread, sampleCluster({ services: [], urls: [] })])).toBe(`
eu-west-1
  ✖ No manager answers.

us-east-1
  no nodes
`);
});
