import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createOutputs } from './outputs.ts';
import { sampleCluster, sampleReport } from './sample-report.ts';

const finished = { type: 'run-finished', report: sampleReport([sampleCluster()]) } as const;
const started = { type: 'run-started', command: 'up', clusters: ['us-east-1'] } as const;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmctl-outputs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

function noWarning(message: string): never {
  throw new Error(message);
}

test('each event is a line of its own at once; the page and the summary come at the end', async () => {
  const folder = await makeFolder();
  const [html, events, jobSummary] = ['a.html', 'b.ndjson', 'c.md'].map((name) => join(folder, name));
  await writeFile(jobSummary ?? '', 'from a step before\n');
  const tell = createOutputs({ html, events, jobSummary }, noWarning);
  tell({ ...started, clusters: [...started.clusters] });
  const [line = '', ...rest] = (await readFile(events ?? '', 'utf8')).split('\n');
  expect(JSON.parse(line)).toEqual({ version: 1, time: expect.stringMatching(/^2\S+Z$/), ...started });
  expect(rest).toEqual(['']);

  tell(finished);
  const lines = (await readFile(events ?? '', 'utf8')).trimEnd().split('\n');
  expect(lines.map((text) => JSON.parse(text).type)).toEqual(['run-started', 'run-finished']);
  expect(await readFile(html ?? '', 'utf8')).toMatch(/^<!doctype html>/);
  expect(await readFile(jobSummary ?? '', 'utf8')).toMatch(/^from a step before\n## ✅ up: 1 updated\n/);
});

test.each(['html', 'events'])('--%s that cannot be written is an error beforehand', async (flag) => {
  const path = join(await makeFolder(), 'missing', 'file');
  expect(() => createOutputs({ [flag]: path }, noWarning)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: `--${flag} ${path} cannot be written: its folder is not there.`,
    }),
  );
});

test('an earlier page is kept until the new one is there', async () => {
  const html = join(await makeFolder(), 'report.html');
  await writeFile(html, 'yesterday');
  createOutputs({ html }, noWarning);
  expect(await readFile(html, 'utf8')).toBe('yesterday');
});

test('a summary that cannot be written gives one warning', async () => {
  const folder = await makeFolder();
  const warnings: string[] = [];
  const tell = createOutputs({ jobSummary: folder }, (message) => warnings.push(message));
  tell(finished);
  tell(finished);
  expect(warnings).toEqual([`${folder} could not be written: it is a folder.`]);
});

test('a disk that is full in the middle gives one warning, and the run goes on', () => {
  const warnings: string[] = [];
  const tell = createOutputs({ events: '/dev/full' }, (message) => warnings.push(message));
  tell({ ...started, clusters: [] });
  tell(finished);
  expect(warnings).toEqual(['/dev/full could not be written: the disk is full.']);
});
