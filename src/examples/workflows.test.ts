import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createSetup } from '../toolchain/setup.ts';
import { testToolBuildMs } from '../toolchain/test-tool.ts';
import { ensureWorkflowLint } from '../toolchain/workflow-lint.ts';
import { automationFiles, exampleFile, examplesFolder } from './example-files.ts';

interface Job {
  'timeout-minutes'?: number;
  permissions?: Record<string, string>;
  steps: { uses?: string; run?: string }[];
}

const workflows = [...automationFiles.keys()].filter((path) => /^github-actions\/.*\.yml$/.test(path));
const gitlabFile = 'gitlab-ci/.gitlab-ci.yml';
const gitlabSchema = join(import.meta.dirname, 'fixtures', 'gitlab-ci.schema.json');
let tools: Awaited<ReturnType<typeof ensureWorkflowLint>>;

beforeAll(async () => {
  tools = await ensureWorkflowLint(createSetup({ onStep: () => {}, consent: async () => false }));
}, testToolBuildMs);

/** A file for the length of one test; gives its path. */
async function temporaryFile(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-examples-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function actionlint(path: string) {
  const config = await temporaryFile('actionlint.yaml', 'self-hosted-runner: { labels: [swarmctl] }\n');
  const args = ['-no-color', '-shellcheck=', '-pyflakes=', '-config-file', config, path];
  return execa(tools.actionlint, args, { reject: false, all: true });
}

test.each(workflows)('%s passes actionlint', async (path) => {
  const { exitCode, all } = await actionlint(join(examplesFolder, path));
  expect(all).toBe('');
  expect(exitCode).toBe(0);
});

test('actionlint finds what is wrong in a workflow', async () => {
  const text = exampleFile('github-actions/bench.yml').replace('contents: read', 'content: read');
  const { exitCode, all } = await actionlint(await temporaryFile('bench.yml', text));
  expect(all).toContain('unknown permission scope "content"');
  expect(exitCode).toBe(1);
});

test.each(workflows)('%s gives its jobs what they need and no more', (path) => {
  const workflow = parse(exampleFile(path)) as { permissions: object; jobs: Record<string, Job> };
  expect(workflow.permissions).toEqual({});
  for (const job of Object.values(workflow.jobs)) {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    expect(job.permissions?.contents).toBe('read');
    for (const { uses, run } of job.steps) {
      expect(uses ?? 'actions/checkout@v4').toMatch(/^(actions|aws-actions)\/[a-z-]+@v\d+$/);
      // An expression in a script is where strangers get in.
      expect(run ?? '').not.toContain('${{');
    }
  }
});

test.each([...workflows, gitlabFile])('%s has no long-lived key', (path) => {
  expect(exampleFile(path)).not.toMatch(/AWS_(ACCESS_KEY|SECRET)/);
});

test('runs that write have one group, and are not cut off in the middle', () => {
  const { jobs } = parse(exampleFile('github-actions/deploy.yml'));
  expect(jobs.up.concurrency).toEqual({ group: 'swarmctl-up', 'cancel-in-progress': false });
  const gitlab = parse(exampleFile(gitlabFile));
  expect(gitlab.up.resource_group).toBe(gitlab.bench.resource_group);
});

test('.gitlab-ci.yml is as the schema that GitLab publishes has it', async () => {
  const { exitCode, all } = await execa(tools.jv, [gitlabSchema, join(examplesFolder, gitlabFile)], {
    reject: false,
    all: true,
  });
  expect(all).toMatch(/^instance .*: ok$/m);
  expect(exitCode).toBe(0);
});

test('the schema finds what is wrong in it', async () => {
  const wrong = await temporaryFile('ci.yml', exampleFile(gitlabFile).replace('expose_as', 'exposed_as'));
  const { exitCode, all } = await execa(tools.jv, [gitlabSchema, wrong], { reject: false, all: true });
  expect(all).toContain("additional properties 'exposed_as' not allowed");
  expect(exitCode).not.toBe(0);
});
