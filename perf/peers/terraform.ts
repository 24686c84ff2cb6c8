import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/package-root.ts';
import { cacheDirectory } from '../../src/toolchain/cache.ts';
import { findTool } from '../../src/toolchain/tool.ts';
import { command, image } from '../fleets.ts';
import type { Peer } from './peer.ts';

const upstream = 'github.com/terraform-providers/terraform-provider-docker';
const project = 'terraform';

/** Whether there are a Terraform and a Go to build its Docker provider with. */
export async function hasTerraform(): Promise<boolean> {
  const found = await Promise.all([findTool('terraform', ['version']), findTool('go', ['version'])]);
  return found.every((tool) => tool !== undefined);
}

/** Services by Terraform's Docker provider on swarms that others have formed: a folder for each swarm. */
export async function openTerraform(hosts: readonly string[], services: number): Promise<Peer> {
  const provider = await buildProvider();
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-perf-terraform-'));
  const settings = join(folder, 'terraform.rc');
  const overrides = `dev_overrides { "kreuzwerker/docker" = "${provider}" }`;
  await writeFile(settings, `provider_installation {\n  ${overrides}\n  direct {}\n}\n`);
  const folders = hosts.map((_, index) => join(folder, `swarm-${index}`));
  for (const each of folders) await mkdir(each);
  const env = { TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: 'true', CHECKPOINT_DISABLE: 'true' };
  const inTurn = async (...args: string[]) => {
    for (const cwd of folders) await execa('terraform', args, { cwd, env });
  };
  return {
    async deploy(release) {
      for (const [index, host] of hosts.entries()) {
        const file = join(folders[index] ?? '', 'main.tf.json');
        await writeFile(file, JSON.stringify(declare(host, services, release)));
      }
      await inTurn('apply', '-auto-approve', '-input=false', '-no-color');
    },
    compare: () => inTurn('plan', '-refresh-only', '-input=false', '-no-color', '-lock=false'),
    async remove() {
      await inTurn('destroy', '-auto-approve', '-input=false', '-no-color');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** No Terraform registry is needed: the provider is built from the module that the Docker provider of Pulumi wraps. */
async function buildProvider(): Promise<string> {
  const folder = join(cacheDirectory(), 'terraform');
  const module = join(packageRoot, 'tools', 'docker-provider');
  await execa('go', ['mod', 'download', upstream], { cwd: module });
  const { stdout: source } = await execa('go', ['list', '-m', '-f', '{{.Dir}}', upstream], { cwd: module });
  await mkdir(folder, { recursive: true });
  // Go builds again only what has changed.
  const binary = join(folder, 'terraform-provider-docker');
  await execa('go', ['build', '-mod=mod', '-o', binary, '.'], { cwd: source });
  return folder;
}

function declare(host: string, services: number, release: number) {
  const service = (index: number) => ({
    name: `${project}_app-${index}`,
    task_spec: {
      container_spec: { image, command, env: { RELEASE: String(index === 0 ? release : 1) } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform reads it.
      networks_advanced: [{ id: '${docker_network.default.id}' }],
    },
    endpoint_spec: { mode: 'dnsrr' },
    converge_config: { delay: '200ms', timeout: '2m' },
  });
  return {
    terraform: { required_providers: { docker: { source: 'kreuzwerker/docker' } } },
    provider: { docker: { host } },
    resource: {
      docker_network: { default: { name: `${project}_default`, driver: 'overlay' } },
      docker_service: Object.fromEntries(
        Array.from({ length: services }, (_, index) => [`app-${index}`, service(index)]),
      ),
    },
  };
}
