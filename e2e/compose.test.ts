import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import type { Report } from '../src/report/report.ts';
import {
  clusterOf,
  docker,
  dockerOn,
  makeFleetFolder,
  removeFleet,
  swarmctl,
  swarmctlJson,
} from './swarmctl.ts';

/** One large compose file, deployed by swarmctl and by `docker stack deploy` to the same swarm. */

const node = 'e2e-whole-one-manager-1';
/** What must differ, or two stacks could not stand beside each other. */
const otherEnv = { PORT: '18082', SUBNET: '10.213.2.0/24', SWARMCTL_CLUSTER: 'one', FROM: 'override' };
const upArgs = ['up', '--yes', '--skip-bench', '--allow-deletes'];

const fleetFile = `fleet: e2e-whole
defaults: { managers: 1 }
clusters:
  one:
    overrides: [override.yaml]
    env: { FROM: override }
apps: [everything.yaml]
`;

const override = `services:
  plain: { environment: { FROM: "$\{FROM}" } }
  added: { image: "swarmctl/hello:1", deploy: { replicas: 0, endpoint_mode: dnsrr } }
`;

let folder: string;
let report: Report;

beforeAll(async () => {
  folder = await makeFleetFolder({ 'swarmctl.yaml': fleetFile, 'override.yaml': override });
  await cp(join(packageRoot, 'e2e', 'fixtures'), folder, { recursive: true });
  const up = await swarmctlJson(folder, upArgs);
  expect(up.exitCode, up.stdout + up.stderr).toBe(0);
  report = up.report;
});

afterAll(() => removeFleet(folder));

test('every service has converged, and jobs have run to their end', () => {
  const services = clusterOf(report, 'one').services.map(({ name, running, desired }) => [
    name,
    running,
    desired,
  ]);
  expect(services).toEqual([
    ['e2e-whole_added', 0, 0],
    ['e2e-whole_container', 1, 1],
    ['e2e-whole_everywhere', 1, 1],
    ['e2e-whole_machine', 1, 1],
    ['e2e-whole_never', 0, 0],
    ['e2e-whole_once', 2, 2],
    ['e2e-whole_plain', 1, 1],
    ['e2e-whole_ports', 1, 1],
    ['e2e-whole_windows', 0, 0],
  ]);
});

test('the swarm has the same objects as from `docker stack deploy`', async () => {
  await docker('exec', node, 'mkdir', '/tmp/app');
  for (const name of ['everything.yaml', 'everything.txt', 'override.yaml'])
    await docker('cp', join(folder, name), `${node}:/tmp/app/`);
  const env = Object.entries(otherEnv).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const files = ['-c', '/tmp/app/everything.yaml', '-c', '/tmp/app/override.yaml'];
  const deploy = ['docker', 'stack', 'deploy', '--resolve-image', 'never', ...files, 'other'];
  await docker('exec', ...env, node, ...deploy);

  const [ours, theirs] = [await objectsOf('e2e-whole'), await objectsOf('other')];
  expect(Object.keys(ours)).toHaveLength(9 + 4 + 3 + 1);
  expect(ours).toEqual(theirs);
});

describe('afterwards', () => {
  test('a preview finds no difference', async () => {
    const { exitCode, stdout } = await swarmctl(folder, ['preview', '--detailed-exitcode']);
    expect(exitCode, stdout).toBe(0);
  });

  test('a changed network is refused before anything is touched', async () => {
    const file = join(folder, 'everything.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('internal: true', 'internal: false').replace('max-file: 2', 'max-file: 3'),
    );
    const { exitCode, report } = await swarmctlJson(folder, upArgs);
    await writeFile(file, text);
    expect(exitCode).toBe(4);
    expect(clusterOf(report, 'one').error).toMatchObject({
      code: 'network-refused',
      details: ['e2e-whole_back: spec.Internal would change; used by e2e-whole_container, e2e-whole_ports'],
    });
    expect(
      await dockerOn(node, 'service', 'inspect', '--format', '{{json .PreviousSpec}}', 'e2e-whole_container'),
    ).toBe('null');
  });
});

interface Inspected {
  ID?: string;
  Id?: string;
  Name?: string;
  Spec?: Record<string, unknown>;
}

/** The services, networks, configs and secrets of a stack by name, without what differs by intention. */
async function objectsOf(stack: string): Promise<Record<string, unknown>> {
  const lists = await Promise.all(
    ['service', 'network', 'config', 'secret'].map((kind) => inspectAll(kind, stack)),
  );
  const named = lists.flat().map((object): [string, string] => [idOf(object), nameOf(object)]);
  const entries = lists.flat().map((object): [string, unknown] => {
    const text = JSON.stringify(object.Spec ?? networkOf(object), unintended);
    return [neutral(nameOf(object), stack, []), JSON.parse(neutral(text, stack, named))];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function inspectAll(kind: string, stack: string): Promise<Inspected[]> {
  const filter = `label=com.docker.stack.namespace=${stack}`;
  const ids = await dockerOn(node, kind, 'ls', '--quiet', '--filter', filter);
  return JSON.parse(await dockerOn(node, kind, 'inspect', ...ids.split('\n')));
}

function idOf({ ID, Id }: Inspected): string {
  return ID ?? Id ?? '';
}

function nameOf({ Name, Spec }: Inspected): string {
  return Name ?? String(Spec?.Name);
}

interface LiveNetwork {
  Options: Record<string, string>;
  IPAM: { Driver: string; Config: { Subnet: string }[] };
}

/** What a network was made with; the range of one that asked for none is the swarm's choice. */
function networkOf(object: Inspected): object {
  const { Options, IPAM } = object as LiveNetwork;
  const { 'com.docker.network.driver.overlay.vxlanid_list': _, ...options } = Options;
  const kept = ['Name', 'Driver', 'Scope', 'Internal', 'Attachable', 'Ingress', 'EnableIPv6', 'Labels'];
  return {
    ...Object.fromEntries(Object.entries(object).filter(([key]) => kept.includes(key))),
    Options: options,
    ...(nameOf(object).endsWith('_front') && { Subnets: IPAM.Config.map(({ Subnet }) => Subnet) }),
  };
}

/**
 * Leaves out what is the same to an engine in other words: `docker stack deploy` sends empty privileges, and the
 * engine's own default of the endpoint. An image that only this machine has is referred to by its id.
 */
function unintended(key: string, value: unknown): unknown {
  if (key === 'Image') return undefined;
  if (key === 'Privileges' && !(value as { CredentialSpec?: unknown } | null)?.CredentialSpec)
    return undefined;
  // Of one secret that is mounted twice it sends either first.
  if (key === 'Secrets' || key === 'Configs')
    return (value as unknown[]).map((one) => JSON.stringify(one)).sort();
  if (key === 'EndpointSpec' && JSON.stringify(value) === '{"Mode":"vip"}') return undefined;
  return value;
}

/** Ids as names, versions out of names, both stacks under one name, the ports and ranges of one of them. */
function neutral(text: string, stack: string, named: [string, string][]): string {
  return named
    .reduce((result, [id, name]) => result.replaceAll(id, name), text)
    .replaceAll(new RegExp(`\\b(${stack}_\\w+)-[0-9a-f]{12}\\b`, 'g'), '$1')
    .replaceAll(`${stack}_`, 'stack_')
    .replaceAll(`"com.docker.stack.namespace":"${stack}"`, '"com.docker.stack.namespace":"stack"')
    .replaceAll('18082', '18081')
    .replaceAll('10.213.2.', '10.213.1.');
}
