import { expect, test } from 'vitest';
import type { BenchEnvironment, BenchNodeFacts, BenchResult } from '../report/bench-result.ts';
import { sampleBench, samplePair } from '../report/sample-bench.ts';
import { differencesBetween } from './environment.ts';

const us = 'shop-us-east-1-manager';

/** The sample with another first cluster. */
function changed(environment: Partial<BenchEnvironment>, node: Partial<BenchNodeFacts> = {}): BenchResult {
  const [cluster, ...others] = sampleBench().clusters;
  if (!cluster) throw new Error('the sample has clusters');
  const [first, ...nodes] = environment.nodes ?? cluster.environment.nodes;
  const changedNodes = first ? [{ ...first, ...node }, ...nodes] : [];
  const place = { ...cluster.environment, ...environment, nodes: changedNodes };
  return sampleBench({ clusters: [{ ...cluster, environment: place }, ...others] });
}

test('nothing keeps two results of the same environment apart', () => {
  expect(differencesBetween(sampleBench(), sampleBench({ id: 'later' }))).toEqual([]);
});

const facts = { role: 'manager', engine: '26.1.5', kernel: '6.18.0' };
const nodes = [1, 2, 3].map((index) => ({ name: `${us}-${index}`, ...facts }));

test.each([
  ['another engine', changed({}, { engine: '27.0.1' }), `engine of ${us}-1 was 26.1.5 and is 27.0.1`],
  ['another kernel', changed({}, { kernel: '6.19.0' }), `kernel of ${us}-1 was 6.18.0 and is 6.19.0`],
  [
    'another instance type',
    changed({}, { instanceType: 't3.small' }),
    `instance type of ${us}-1 was not known and is t3.small`,
  ],
  ['another zone', changed({}, { zone: 'a' }), `zone of ${us}-1 was not known and is a`],
  ['another role', changed({}, { role: 'worker' }), `role of ${us}-1 was manager and is worker`],
  ['another MTU', changed({ overlayMtu: 1400 }), 'overlay MTU was 1450 and is 1400'],
  ['encryption', changed({ encrypted: true }), 'overlay network was not encrypted and is encrypted'],
  ['real machines', changed({ simulation: false }), 'the fleet was a simulation and is real'],
  ['one node more', changed({ nodes }), `nodes that the baseline does not have: ${us}-3`],
  ['one node less', changed({ nodes: nodes.slice(0, 1) }), `nodes that only the baseline has: ${us}-2`],
])('%s', (_, now, difference) => {
  expect(differencesBetween(sampleBench(), now)).toEqual([`us-east-1: ${difference}`]);
});

test('other clusters, other pairs, another mode', () => {
  const sample = sampleBench();
  expect(differencesBetween(sample, { ...sample, clusters: sample.clusters.slice(1) })).toEqual([
    'clusters that only the baseline has: us-east-1',
  ]);
  expect(differencesBetween(sample, { ...sample, mode: 'quick' })).toEqual(['mode was full and is quick']);
  const pair = samplePair({ cluster: 'a', node: 'a-1' }, { cluster: 'b', node: 'b-1' }, 100);
  expect(differencesBetween(sample, { ...sample, between: [pair] })).toEqual([
    'pairs between clusters that the baseline does not have: a-1 → b-1',
  ]);
});
