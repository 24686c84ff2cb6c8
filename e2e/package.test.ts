import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import { makeFleetFolder } from './swarmctl.ts';

test('the packed package runs where it is installed', async () => {
  const folder = await makeFleetFolder({});
  const { stdout: packed } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: packageRoot,
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  await writeFile(join(folder, 'package.json'), '{ "name": "user", "private": true }');
  await execa('npm', ['install', '--no-audit', '--no-fund', join(folder, filename)], { cwd: folder });

  const swarmctl = join(folder, 'node_modules', '.bin', 'swarmctl');
  const version = await execa(swarmctl, ['--version'], { cwd: folder });
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+$/);
  const rendered = await execa(swarmctl, ['render', '--target', 'local', '--regions', 'a', '--json'], {
    cwd: folder,
  });
  const { clusters } = JSON.parse(rendered.stdout) as {
    clusters: Record<string, { services: { Name: string }[] }>;
  };
  expect(clusters.a?.services.map(({ Name }) => Name)).toEqual(['local_clock', 'local_web']);
});
