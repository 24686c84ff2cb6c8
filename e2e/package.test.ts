import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import { makeFleetFolder } from './swarmctl.ts';

test('the packed package runs where it is installed', async () => {
  const folder = await makeFleetFolder({});
  // Not built anew: other tests run what is in dist/.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout: packed } = await execa('npm', pack, { cwd: packageRoot });
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

/** A module that writes the address of each file that Node loads to stderr. */
const tellLoads = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });
`)}`;

test('`--help` loads no other package: none of Pulumi, none of Docker', async () => {
  const main = join(packageRoot, 'dist', 'main.js');
  const { stdout, stderr } = await execa(process.execPath, ['--import', tellLoads, main, '--help']);
  expect(stdout).toContain('Usage: swarmctl');
  const files = stderr.split('\n').filter((line) => line.startsWith('file:'));
  expect(files.some((file) => file.endsWith('/dist/main.js'))).toBe(true);
  expect(files.filter((file) => file.includes('/node_modules/'))).toEqual([]);
});
