import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/package-root.ts';
import { bench } from './bench.ts';
import { change, changeOfThirty } from './change.ts';
import { drift } from './drift.ts';
import { fresh } from './fresh.ts';
import { noOp } from './no-op.ts';
import { renderPage, sectionOf, withSection } from './page.ts';
import { rolloutTitle } from './rollouts.ts';
import type { Result } from './scenario.ts';
import { start } from './start.ts';

const scenarios = [fresh, noOp, change, changeOfThirty, start, drift, bench];
const page = join(packageRoot, 'docs', 'performance.md');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  throw new Error(
    `There is no ${unknown.join(', ')}; there are ${scenarios.map(({ name }) => name).join(', ')}.`,
  );
}

const results: Result[] = [];
/** That of `npm run soak` stays. */
const soaked = sectionOf(await readFile(page, 'utf8'), rolloutTitle);
for (const { name, run } of scenarios) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  results.push(await run(Number(values.rounds), (line) => console.error(`${name}: ${line}`)));
  // After each, so that a run that is stopped keeps what it has measured.
  if (positionals.length === 0) await writeFile(page, withSection(render(), rolloutTitle, soaked));
}
console.log(render());

function render(): string {
  return renderPage(results, {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    command: `npm run perf${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
  });
}
