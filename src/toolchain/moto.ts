import { join } from 'node:path';
import { execa } from 'execa';
import { waitUntil } from '../docker/deadline.ts';
import { packageRoot } from '../package-root.ts';
import type { Setup } from './setup.ts';
import { ensureTestTool, testToolBuildMs } from './test-tool.ts';
import { runTool } from './tool.ts';

const module = 'moto';
const requirements = 'requirements.txt';
const startDeadlineMs = 60_000;

/** A stand-in for AWS on this machine, which takes any credentials. */
export interface Moto {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts moto, which behaves as the services of AWS do; for tests alone. It is installed from PyPI once.
 * @throws SwarmctlError `toolchain` without Python and its venv, `timeout`, `interrupted`.
 */
export async function startMoto(setup: Setup): Promise<Moto> {
  const folder = await ensureTestTool(module, [requirements], setup, (partial) =>
    installMoto(partial, setup),
  );
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'];
  const server = execa(join(folder, 'bin', 'python'), args, { reject: false, stdin: 'ignore', all: true });
  let output = '';
  let hasEnded = false;
  void server.then(() => {
    hasEnded = true;
  });
  server.all.on('data', (chunk) => {
    output += String(chunk);
  });
  const started = async () => {
    if (hasEnded) throw new Error(`moto has ended: ${output}`);
    return /Running on (http:[^\s\u001b]+)/.exec(output)?.[1];
  };
  const stop = async () => {
    server.kill();
    await server;
  };
  try {
    return { url: await waitUntil('The start of moto', started, { deadlineMs: startDeadlineMs }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function installMoto(folder: string, { signal }: Setup): Promise<void> {
  const what = 'Installing moto from PyPI';
  const hint = 'It needs Python 3.10 or newer with its venv module.';
  const options = { what, hint, deadlineMs: testToolBuildMs, signal };
  await runTool('python3', ['-m', 'venv', folder], options);
  const list = join(packageRoot, 'tools', module, requirements);
  // Not by `pip` itself: the folder is moved when it is complete, and scripts hold the path of their Python.
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', list];
  await runTool(join(folder, 'bin', 'python'), install, options);
}
