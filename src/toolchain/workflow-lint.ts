import { join } from 'node:path';
import { buildWithGo } from './pulumi.ts';
import type { Setup } from './setup.ts';
import { ensureTestTool } from './test-tool.ts';

const module = 'workflow-lint';

/**
 * Makes sure of actionlint, which checks workflows of GitHub Actions, and of jv, which checks a file against a JSON
 * Schema; both for tests alone.
 * @returns their paths
 * @throws SwarmctlError `toolchain` without Go, `timeout`, `interrupted`.
 */
export async function ensureWorkflowLint(setup: Setup): Promise<{ actionlint: string; jv: string }> {
  const programs = [
    'github.com/rhysd/actionlint/cmd/actionlint',
    'github.com/santhosh-tekuri/jsonschema/cmd/jv',
  ];
  const folder = await ensureTestTool(module, ['go.mod', 'go.sum'], setup, (partial) =>
    buildWithGo(
      'the checks of workflows',
      module,
      ['-ldflags', '-s -w', '-o', `${partial}/`, ...programs],
      setup,
    ),
  );
  return { actionlint: join(folder, 'actionlint'), jv: join(folder, 'jv') };
}
