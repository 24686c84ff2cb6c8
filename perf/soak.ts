import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeFleet, start } from '../e2e/swarmctl.ts';
import { packageRoot } from '../src/package-root.ts';
import { composeOf, fleetOf, withFolder } from './fleets.ts';
import { watchMemory } from './memory.ts';
import { withSection } from './page.ts';
import { rolloutSection, rolloutTitle, soakRollouts } from './rollouts.ts';

// `npm run soak`: a fleet of the largest size that is allowed, on one machine, into docs/soak.md. With `-- --rollouts 100`:
// that many rollouts of one service, 12 of them defective, beside `docker stack deploy`, into docs/performance.md. Not in CI.

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: '64' },
    rollouts: { type: 'string' },
    defective: { type: 'string', default: '12' },
  },
});
const clusters = Number(values.clusters);
const today = new Date().toISOString().slice(0, 10);
const page = join(packageRoot, 'docs', 'soak.md');

interface Row {
  command: string;
  seconds: number;
  peakMiB: number;
}

/** One command over the whole fleet, with the most memory that it and its children had at once. */
async function measure(folder: string, args: string[]): Promise<Row> {
  const began = performance.now();
  const running = start(folder, args);
  const peak = watchMemory(running.pid ?? 0);
  const { exitCode, stdout, stderr } = await running;
  const row = {
    command: `swarmctl ${args.join(' ')}`,
    seconds: (performance.now() - began) / 1_000,
    peakMiB: peak.stop() / 2 ** 20,
  };
  if (exitCode !== 0) throw new Error(`${row.command} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  console.error(`${row.command}: ${row.seconds.toFixed(1)} s, ${row.peakMiB.toFixed(0)} MiB`);
  return row;
}

async function soak(folder: string): Promise<Row[]> {
  try {
    const rows: Row[] = [];
    for (const args of [
      ['up', '--yes', '--skip-bench'],
      ['preview'],
      ['preview', '--parallel', '2'],
      ['status'],
    ]) {
      rows.push(await measure(folder, args));
    }
    return rows;
  } finally {
    await removeFleet(folder);
  }
}

async function soakFleet(): Promise<void> {
  const files = { 'swarmctl.yaml': fleetOf('soak', clusters), 'compose.yaml': composeOf(1) };
  const rows = await withFolder(files, soak);
  const text = `# Soak

${clusters} one-node local clusters with a service each, on ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; measured on ${today} by \`npm run soak\`. Memory is the most that swarmctl and all its children (Pulumi, providers) had at once, the nodes' engines left out.

| Command | s | Peak, MiB |
| --- | --- | --- |
${rows.map(({ command, seconds, peakMiB }) => `| \`${command}\` | ${seconds.toFixed(1)} | ${peakMiB.toFixed(0)} |`).join('\n')}
`;
  await writeFile(page, text);
  console.log(text);
}

async function soakOneService(rollouts: number): Promise<void> {
  const soaked = await soakRollouts(rollouts, Number(values.defective), console.error);
  const section = rolloutSection(soaked, today);
  const performance = join(packageRoot, 'docs', 'performance.md');
  await writeFile(performance, withSection(await readFile(performance, 'utf8'), rolloutTitle, section));
  console.log(section);
}

if (values.rollouts === undefined) await soakFleet();
else await soakOneService(Number(values.rollouts));
