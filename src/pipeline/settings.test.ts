import { expect, test } from 'vitest';
import { sampleCluster } from './sample-fleet.ts';
import { overlays, withSlots } from './settings.ts';

const empty = { key: 'c0ffee', slots: {}, adopted: {}, scales: {} };

function clusters(...names: string[]) {
  return names.map((name) => sampleCluster(name));
}

test('new clusters get the slots from 0 on', () => {
  const { key, slots } = withSlots(empty, clusters('us-east-1', 'eu-west-1'));
  expect(slots).toEqual({ 'us-east-1': 0, 'eu-west-1': 1 });
  expect(key).toBe('c0ffee');
});

test('a cluster keeps its slot, whichever clusters a run is about and in whatever order', () => {
  const first = withSlots(empty, clusters('us-east-1', 'eu-west-1'));
  const second = withSlots(first, clusters('ap-south-1', 'eu-west-1'));
  expect(second.slots).toEqual({ 'us-east-1': 0, 'eu-west-1': 1, 'ap-south-1': 2 });
});

test('a free slot in between is taken', () => {
  const settings = { key: 'c0ffee', slots: { 'us-east-1': 0, 'eu-west-1': 2 }, adopted: {}, scales: {} };
  expect(withSlots(settings, clusters('ap-south-1')).slots).toMatchObject({ 'ap-south-1': 1 });
});

test('what was stored is left as it is', () => {
  const stored = { key: 'c0ffee', slots: {}, adopted: {}, scales: {} };
  withSlots(stored, clusters('us-east-1'));
  expect(stored.slots).toEqual({});
});

test('65 clusters have 65 address pools', () => {
  const all = clusters(...Array.from({ length: 65 }, (_, index) => `region-${index}`));
  const settings = withSlots(empty, all);
  const pools = new Set(all.map((cluster) => overlays(settings, cluster).addressPool.join()));
  expect(pools.size).toBe(65);
  expect([...pools].slice(0, 2)).toEqual(['10.100.0.0/16', '10.101.0.0/16']);
});

test('a swarm that was adopted keeps its pool, and no new cluster gets it', () => {
  const kept = { addressPool: ['10.101.0.0/16'], subnetSize: 26 };
  const adopted = { 'eu-west-1': { overlays: kept, contents: {} } };
  const settings = withSlots(
    { key: 'c0ffee', slots: { 'eu-west-1': 0 }, adopted, scales: {} },
    clusters('us-east-1'),
  );
  expect(overlays(settings, sampleCluster('eu-west-1'))).toEqual(kept);
  expect(settings.slots['us-east-1']).toBe(2);
});
