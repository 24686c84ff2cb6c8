import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NodeReport } from '../src/report/report.ts';
import { clusterOf, docker, makeFleetFolder, swarmctl, swarmctlJson } from './swarmctl.ts';

let folder: string;

const fleet = (managers: number, workers: number) =>
  `fleet: e2e-nodes\nclusters: { one: { managers: ${managers}, workers: ${workers} } }\n`;

beforeAll(async () => {
  folder = await makeFleetFolder({ 'swarmctl.yaml': fleet(1, 1) });
});

afterAll(async () => {
  await swarmctl(folder, ['destroy', '--yes']);
});

async function upWith(managers: number, workers: number): Promise<NodeReport[]> {
  await writeFile(join(folder, 'swarmctl.yaml'), fleet(managers, workers));
  const { report, exitCode, stderr } = await swarmctlJson(folder, [
    'up',
    '--yes',
    '--allow-deletes',
    '--skip-bench',
  ]);
  expect(exitCode, JSON.stringify(report) + stderr).toBe(0);
  return clusterOf(report, 'one').nodes;
}

const rolesOf = (nodes: NodeReport[]) => nodes.map(({ name, role, state }) => `${name} ${role} ${state}`);

test('managers and workers are added and removed in place', async () => {
  expect(rolesOf(await upWith(1, 1))).toEqual([
    'e2e-nodes-one-manager-1 manager ready',
    'e2e-nodes-one-worker-1 worker ready',
  ]);
  expect(rolesOf(await upWith(3, 0))).toEqual([
    'e2e-nodes-one-manager-1 manager ready',
    'e2e-nodes-one-manager-2 manager ready',
    'e2e-nodes-one-manager-3 manager ready',
  ]);
  expect(rolesOf(await upWith(1, 0))).toEqual(['e2e-nodes-one-manager-1 manager ready']);
});

test('`destroy` leaves no container, volume, network or state', async () => {
  const { exitCode, stdout } = await swarmctl(folder, ['destroy', '--yes']);
  expect(exitCode, stdout).toBe(0);
  const label = ['--filter', 'label=swarmctl.fleet=nodes', '--quiet'];
  expect(await docker('ps', '--all', ...label)).toBe('');
  expect(await docker('volume', 'ls', ...label)).toBe('');
  expect(await docker('network', 'ls', ...label)).toBe('');
  expect(await readdir(folder)).toEqual(['swarmctl.yaml']);
});
