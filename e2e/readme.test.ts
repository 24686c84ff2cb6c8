import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import { blocksOf, readmeCommands, runCommand } from './readme.ts';
import { copyExampleApp, docker, makeFleetFolder } from './swarmctl.ts';

type Place = 'this very run' | 'first screen' | 'checkout' | 'own fleet';

/** Where each of the README's commands is run. */
const places: Record<string, Place> = {
  'npm test': 'this very run',
  'npm run quickstart': 'first screen',
  'bin/swarmctl destroy --target local --regions us-east-1,eu-west-1': 'first screen',
  'export PATH="$PWD/bin:$PATH" && swarmctl --version': 'checkout',
  'swarmctl setup --yes': 'checkout',
  'npm run check': 'this very run',
  'npx vitest run --project unit src/fleet': 'checkout',
  'swarmctl cost --target aws --regions us-east-1,eu-west-1': 'checkout',
  'swarmctl init': 'own fleet',
  'swarmctl preview': 'own fleet',
  'swarmctl up': 'own fleet',
  'swarmctl status': 'own fleet',
  'swarmctl preview --detailed-exitcode': 'own fleet',
  'swarmctl up --yes --json': 'own fleet',
  'swarmctl bench --quick': 'own fleet',
  'swarmctl up --yes --clusters eu-west-1 --skip-bench': 'own fleet',
  'swarmctl up --yes --allow-deletes --skip-bench': 'own fleet',
  'swarmctl status --html status.html --events status.ndjson': 'own fleet',
  'swarmctl render --json': 'own fleet',
  'swarmctl up --dry-run': 'own fleet',
  'swarmctl history': 'own fleet',
  'swarmctl secrets status': 'own fleet',
  'swarmctl doctor': 'own fleet',
  'swarmctl adopt --dry-run': 'own fleet',
  'swarmctl adopt --yes': 'own fleet',
  'docker exec shop-us-east-1-manager-1 docker service ps shop_web': 'own fleet',
  'swarmctl drift-check': 'own fleet',
  'swarmctl drift-check --pending': 'own fleet',
  'swarmctl drift-check --since-last --prometheus drift.prom --unmanaged drift': 'own fleet',
  'swarmctl drift-check --fix --yes': 'own fleet',
  'swarmctl refresh --yes': 'own fleet',
  'swarmctl ps': 'own fleet',
  'swarmctl logs --since 10m web': 'own fleet',
  'swarmctl exec web -- cat /etc/hosts': 'own fleet',
  'swarmctl top --no-stream': 'own fleet',
  'swarmctl scale clock=2 --clusters eu-west-1': 'own fleet',
  'swarmctl scale --reset': 'own fleet',
  'swarmctl restart clock --clusters eu-west-1': 'own fleet',
  'swarmctl rebalance --yes': 'own fleet',
  'swarmctl lint': 'own fleet',
  'swarmctl unlock': 'own fleet',
  'swarmctl join-token --rotate worker': 'own fleet',
  'swarmctl destroy': 'own fleet',
};

test('every command of the README is run by a test', () => {
  expect(readmeCommands().toSorted()).toEqual(Object.keys(places).toSorted());
});

describe('the first screen', () => {
  const [quickstart = '', removal = ''] = commandsIn('first screen');
  const wasThere = hasState(packageRoot);

  beforeAll(async () => {
    if (wasThere) await runCommand(packageRoot, removal);
    await expectNoMachines('local', 'us-east-1', 'eu-west-1');
  });

  /** A fleet that somebody keeps from a quickstart of their own is given back. */
  afterAll(async () => {
    if (wasThere) await runCommand(packageRoot, quickstart);
    else if (hasState(packageRoot)) await runCommand(packageRoot, removal);
  });

  test('sets up, forms two swarms whose apps answer, and says how to remove them', async () => {
    const output = await runCommand(packageRoot, quickstart);
    const urls = output.match(/http:\/\/\S+/g) ?? [];
    expect(urls).toHaveLength(4);
    for (const url of urls) expect(await (await fetch(url)).text()).toContain('Hello from local-');
    const [sample = ''] = blocksOf('text');
    expect(wordsBelowTable(output)).toBe(wordsBelowTable(sample));

    const [, printed = ''] = /^Remove it all: (.+)$/m.exec(output) ?? [];
    expect(printed).toBe(removal);
    await runCommand(packageRoot, printed);
    await expectNoMachines('local', 'us-east-1', 'eu-west-1');
  });
});

test.each(commandsIn('checkout'))('in a checkout: %s', async (command) => {
  await runCommand(packageRoot, command);
});

describe("with a fleet of one's own", () => {
  const removal = 'swarmctl destroy';
  /** In the place of the README's `shop`. */
  const fleet = 'e2e-shop';
  let folder: string;

  beforeAll(async () => {
    // The folder names the fleet that `init` writes.
    folder = join(await makeFleetFolder({}), fleet);
    await mkdir(folder);
    await copyExampleApp(folder);
    await expectNoMachines(fleet, 'us-east-1', 'eu-west-1');
  });

  afterAll(async () => {
    if (hasState(folder)) await runCommand(folder, removal);
    await rm(dirname(folder), { recursive: true });
  });

  test.each(commandsIn('own fleet').filter((command) => command !== removal))('%s', async (command) => {
    await runCommand(folder, command.replaceAll('shop', fleet));
  });

  test('at last `destroy` leaves nothing', async () => {
    await runCommand(folder, removal);
    await expectNoMachines(fleet, 'us-east-1', 'eu-west-1');
    expect((await readdir(folder)).toSorted()).toEqual([
      'compose.yaml',
      'drift.prom',
      'index.sh',
      'status.html',
      'status.ndjson',
      'swarmctl.yaml',
    ]);
  });
});

/** In the order of the README. */
function commandsIn(place: Place): string[] {
  return readmeCommands().filter((command) => places[command] === place);
}

function hasState(folder: string): boolean {
  return existsSync(join(folder, '.swarmctl'));
}

/** Another folder's fleet of the same name would have the same containers: it must not be touched. */
async function expectNoMachines(fleet: string, ...clusters: string[]): Promise<void> {
  for (const cluster of clusters) {
    const labels = [`label=swarmctl.fleet=${fleet}`, `label=swarmctl.cluster=${cluster}`];
    const filters = labels.flatMap((label) => ['--filter', label]);
    expect(await docker('ps', '--all', '--quiet', ...filters), `nodes of ${fleet}/${cluster}`).toBe('');
  }
}

/** A result without its numbers. The table is left out: a stage that takes no time has no column. */
function wordsBelowTable(output: string): string {
  const below = output.slice(output.indexOf('p99 is a simulation'));
  return below.replaceAll(/\d+m\d+s|[\d.]+s?/g, '#').trim();
}
