import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { readExposition } from '../src/report/read-exposition.ts';
import { swarmctl, swarmctlJson } from './swarmctl.ts';

const lab = inject('lab');
const quick = ['bench', '--quick', '--clusters', 'us-east-1'];
const files = ['bench.html', 'bench.prom', 'other.json', 'cut.json'].map((name) => join(lab.folder, name));
const [page = '', metrics = '', other = '', cut = ''] = files;

afterAll(() => Promise.all(files.map((file) => rm(file, { force: true }))));

test('a benchmark has a verdict, a page, metrics and a history, and becomes a baseline', async () => {
  const outputs = ['--html', 'bench.html', '--prometheus', 'bench.prom'];
  const { report, exitCode, stderr } = await swarmctlJson(lab.folder, [
    ...quick,
    '--save-baseline',
    ...outputs,
  ]);
  // Of a budget of 5 s, which nothing misses; what a busy machine did not answer leaves it open.
  expect(exitCode, stderr).toBe(0);
  expect(report.verdict?.budget).toMatchObject({ checked: 6, missed: [] });
  expect(report.trend?.at(-1)?.id).toBe(report.benchmark?.id);

  const series = readExposition(await readFile(metrics, 'utf8'));
  const latencies = series.filter(({ name }) => name === 'swarmctl_bench_latency_seconds');
  expect(latencies.length).toBeGreaterThan(0);
  expect(latencies.every(({ value }) => value > 0)).toBe(true);
  expect(await readFile(page, 'utf8')).toMatch(/<h2>Distributions<\/h2>[\s\S]*<svg /);
});

test('a baseline of another network is refused with the difference, one that is cut off before anything is measured', async () => {
  const baseline = join(lab.folder, '.swarmctl', 'bench', 'baselines', 'default.json');
  const result = JSON.parse(await readFile(baseline, 'utf8'));
  result.clusters[0].environment.overlayMtu -= 50;
  await writeFile(other, JSON.stringify(result));
  const refused = await swarmctlJson(lab.folder, [...quick, '--baseline', 'other.json']);
  expect(refused.exitCode).toBe(4);
  expect(refused.report.error?.message).toContain('us-east-1: overlay MTU was 1400 and is 1450');
  expect(refused.report.benchmark?.clusters).toHaveLength(1);

  await writeFile(cut, JSON.stringify(result).slice(0, 500));
  const { exitCode, stderr } = await swarmctl(lab.folder, [...quick, '--baseline', 'cut.json']);
  expect(exitCode).toBe(64);
  expect(stderr).toContain('cut.json is not the result of a benchmark: it is cut off or no JSON');
  expect(stderr).not.toContain('latency benchmark');
});
