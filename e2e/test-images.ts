import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../src/package-root.ts';
import { cacheDirectory } from '../src/toolchain/cache.ts';
import { withLock } from '../src/toolchain/lock.ts';
import { builtNodeImage } from '../src/toolchain/node-image.ts';
import { docker } from './swarmctl.ts';

const deadlineMs = 280_000;

/** The image of a machine with an sshd and no engine. */
export function hostImage(): Promise<string> {
  return built('test-host', 'host-image.sh', builtNodeImage);
}

/** The image of what stands for an instance in AWS. */
export async function instanceImage(): Promise<string> {
  return built('test-instance', 'instance-image.sh', await hostImage());
}

/** Built when its base or the script that makes it has changed, by one of the files of tests that run at once. */
async function built(name: string, scriptName: string, base: string): Promise<string> {
  const script = join(packageRoot, 'e2e', scriptName);
  const hash = createHash('sha256')
    .update(base)
    .update(await readFile(script));
  const image = `swarmctl/${name}:${hash.digest('hex').slice(0, 12)}`;
  await withLock(join(cacheDirectory(), 'locks', `${name}.lock`), { deadlineMs }, async () => {
    if (!(await docker('images', '--quiet', image))) await execa('sh', [script, base, image]);
  });
  return image;
}
