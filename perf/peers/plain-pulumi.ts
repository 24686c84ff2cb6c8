import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import * as docker from '@pulumi/docker';
import { LocalWorkspace, PulumiCommand, type Stack } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { ensureStateTools } from '../../src/toolchain/toolchain.ts';
import { command, image } from '../fleets.ts';
import type { Peer } from './peer.ts';

const project = 'plain';

/** Services by @pulumi/docker on swarms that others have formed: a stack for each swarm. */
export async function openPlainPulumi(hosts: readonly string[], services: number): Promise<Peer> {
  const { signal } = new AbortController();
  const tools = await ensureStateTools({ onStep: () => {}, consent: async () => false, signal });
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-perf-pulumi-'));
  const pulumi = tools.pulumi.command;
  const root = isAbsolute(pulumi) && { root: join(dirname(pulumi), '..') };
  const pulumiCommand = await PulumiCommand.get({ ...root, skipVersionCheck: true });
  const envVars = {
    PULUMI_HOME: tools.pulumiHome,
    PULUMI_CONFIG_PASSPHRASE: 'only measured',
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const release = { now: 1 };
  const stacks: Stack[] = [];
  for (const [index, host] of hosts.entries()) {
    const stack = { stackName: `swarm-${index}`, projectName: project };
    const program = async () => declare(host, services, release.now);
    stacks.push(
      await LocalWorkspace.createOrSelectStack(
        { ...stack, program },
        { workDir: folder, pulumiCommand, envVars },
      ),
    );
  }
  const cli = (name: string) =>
    execa(pulumiCommand.command, ['refresh', '--preview-only', '--non-interactive', '--stack', name], {
      cwd: folder,
      env: envVars,
    });
  return {
    async deploy(wanted) {
      release.now = wanted;
      for (const stack of stacks) await stack.up();
    },
    async compare() {
      for (const { name } of stacks) await cli(name);
    },
    async remove() {
      for (const stack of stacks) await stack.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function declare(host: string, services: number, release: number): void {
  const provider = new docker.Provider('engine', { host });
  const network = new docker.Network(
    'default',
    { name: `${project}_default`, driver: 'overlay' },
    { provider },
  );
  for (let index = 0; index < services; index += 1) {
    new docker.Service(
      `app-${index}`,
      {
        name: `${project}_app-${index}`,
        taskSpec: {
          containerSpec: { image, commands: command, env: { RELEASE: String(index === 0 ? release : 1) } },
          networksAdvanceds: [{ id: network.id }],
        },
        endpointSpec: { mode: 'dnsrr' },
        convergeConfig: { delay: '200ms', timeout: '2m' },
      },
      { provider },
    );
  }
}
