import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { buildWithGo } from './pulumi.ts';
import type { Setup } from './setup.ts';
import { ensureTestTool, testToolBuildMs } from './test-tool.ts';
import { runTool } from './tool.ts';

/** The docker client's own reading of compose files, for tests: the measure for what swarmctl sends. */
export interface ComposeReference {
  /** Folder whose `docker` knows `stack config` alone, in the version of tools/compose-reference. */
  bin: string;
  /** The program itself; its subcommands are told in tools/compose-reference/main.go. */
  command: string;
  /** JSON Schema of compose files, as it stands in the client's module. */
  schema: string;
}

const module = 'compose-reference';

/**
 * Makes sure of the program of tools/compose-reference in the cache; it is built anew when its sources have changed.
 * @throws SwarmctlError `toolchain` without Go, `timeout`, `interrupted`.
 */
export async function ensureComposeReference(setup: Setup): Promise<ComposeReference> {
  const folder = await ensureTestTool(module, ['main.go', 'go.mod', 'go.sum'], setup, (partial) =>
    build(partial, setup),
  );
  return { bin: folder, command: join(folder, 'docker'), schema: join(folder, 'schema.json') };
}

async function build(folder: string, setup: Setup): Promise<void> {
  setup.onStep('The reference for compose files: building it from Go modules');
  await buildWithGo('the reference', module, ['-ldflags', '-s -w', '-o', join(folder, 'docker'), '.'], setup);
  const client = await runTool('go', ['list', '-m', '-f', '{{.Dir}}', 'github.com/docker/cli'], {
    what: "Looking for the docker client's module",
    cwd: join(packageRoot, 'tools', module),
    env: { GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    deadlineMs: testToolBuildMs,
    signal: setup.signal,
  });
  const schemas = join(client.trim(), 'cli/compose/schema/data');
  await copyFile(join(schemas, 'config_schema_v3.13.json'), join(folder, 'schema.json'));
}
