import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { startLoad } from '../e2e/load.ts';
import { dockerOn, swarmctl, swarmctlJson } from '../e2e/swarmctl.ts';
import { waitUntil } from '../src/docker/deadline.ts';
import { withFleet } from './fleets.ts';
import { median } from './paired.ts';

/** What came of many rollouts by one contender, some of them of a version whose health check fails. */
interface Tally {
  good: number;
  defective: number;
  /** Defective ones after which all tasks run the version before. */
  rollbacks: number;
  /** Those that ended with exit code 0 while the new version did not run with all its tasks. */
  falseSuccesses: number;
  /** Good ones that ended with another exit code. */
  falseFailures: number;
  requests: number;
  failedRequests: number;
  /** Of the good ones. */
  seconds: number[];
  /** The release that runs. */
  running: number;
}

export interface Rollouts {
  contenders: (Tally & { name: string })[];
  minutes: number;
}

const fleet = 'soak-rollouts';
const manager = `${fleet}-one-manager-1`;
const fleetFile = `fleet: ${fleet}\nclusters: { one: {} }\napps: [compose.yaml]\n`;
/** `docker stack deploy` may wait for ever. */
const deadlineMs = 180_000;
/** How long a swarm may take to go back after the command has ended. */
const settleMs = 60_000;

/**
 * Two replicas with a port in host mode on three nodes, so that each stop-first update has a free node. The server does
 * not heed SIGTERM as the first process of a container, so it is killed at once.
 */
function composeOf(port: number, release: number, isDefective: boolean): string {
  const path = isDefective ? 'gone' : 'index.html';
  return `version: "3.12"
services:
  web:
    image: swarmctl/hello:1
    command: ["sh", "-c", "echo ${release} > /www/index.html; exec httpd -f -p 8080 -h /www"]
    stop_signal: SIGKILL
    ports: [{ target: 8080, published: ${port}, mode: host }]
    healthcheck:
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/${path}"]
      interval: 1s
      timeout: 2s
      retries: 2
      start_period: 1s
      start_interval: 250ms
    deploy:
      replicas: 2
      endpoint_mode: dnsrr
      update_config: { order: stop-first, failure_action: rollback, monitor: 1s }
      rollback_config: { order: stop-first, monitor: 1s }
      restart_policy: { condition: any, delay: 1s }
`;
}

interface Contender {
  name: string;
  service: string;
  port: number;
  /** Whether it says that it went well. */
  deploy(folder: string, compose: string): Promise<boolean>;
}

const contenders: Contender[] = [
  {
    name: '`swarmctl up`',
    service: `${fleet}_web`,
    port: 8080,
    async deploy(folder, compose) {
      await writeFile(join(folder, 'compose.yaml'), compose);
      return (await swarmctl(folder, ['up', '--yes', '--skip-bench'])).exitCode === 0;
    },
  },
  {
    name: '`docker stack deploy --detach=false`',
    service: 'peer_web',
    port: 8081,
    async deploy(_folder, compose) {
      const command = ['stack', 'deploy', '--detach=false', '--resolve-image', 'never', '-c', '-', 'peer'];
      const options = { input: compose, reject: false, timeout: deadlineMs };
      return (await execa('docker', ['exec', '-i', manager, 'docker', ...command], options)).exitCode === 0;
    },
  },
];

/**
 * Rolls out a new version again and again, under load, by each contender in turn on the same swarm.
 * @param defective of them, spread evenly.
 */
export function soakRollouts(
  rollouts: number,
  defective: number,
  log: (line: string) => void,
): Promise<Rollouts> {
  const start = performance.now();
  const files = { 'swarmctl.yaml': fleetFile, 'compose.yaml': composeOf(8080, 0, false) };
  return withFleet(files, async (folder) => {
    const { report, exitCode } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench']);
    if (exitCode !== 0) throw new Error(JSON.stringify(report));
    await contenders[1]?.deploy(folder, composeOf(8081, 0, false));
    const addresses = report.clusters.flatMap(({ nodes }) => nodes.map(({ address }) => address));
    const soaked = contenders.map((contender) => ({ contender, tally: emptyTally() }));
    // The one in the middle of each part is defective.
    const part = (index: number) => Math.floor((index * defective) / rollouts + 0.5);
    for (let release = 1; release <= rollouts; release += 1) {
      const isDefective = part(release) > part(release - 1);
      for (const { contender, tally } of release % 2 === 0 ? soaked : soaked.toReversed()) {
        const said = await rollOut(contender, tally, { folder, addresses, release, isDefective });
        log(`${release}/${rollouts} ${said}`);
      }
    }
    return {
      contenders: soaked.map(({ contender: { name }, tally }) => ({ name, ...tally })),
      minutes: (performance.now() - start) / 60_000,
    };
  });
}

function emptyTally(): Tally {
  const counts = { good: 0, defective: 0, rollbacks: 0, falseSuccesses: 0, falseFailures: 0 };
  return { ...counts, requests: 0, failedRequests: 0, seconds: [], running: 0 };
}

/** @returns a line for whoever watches. */
async function rollOut(
  { name, service, port, deploy }: Contender,
  tally: Tally,
  one: { folder: string; addresses: readonly string[]; release: number; isDefective: boolean },
): Promise<string> {
  const { folder, addresses, release, isDefective } = one;
  const load = startLoad(addresses.map((address) => `http://${address}:${port}/`));
  const start = performance.now();
  const saysDone = await deploy(folder, composeOf(port, release, isDefective));
  const took = (performance.now() - start) / 1_000;
  const isThere = runs(await read(service), release);
  const rest = await atRest(service);
  const { requests, failed } = await load.stop();
  tally.requests += requests;
  tally.failedRequests += failed.length;
  if (saysDone && (isDefective || !isThere)) tally.falseSuccesses += 1;
  if (isDefective) {
    tally.defective += 1;
    if (runs(rest, tally.running)) tally.rollbacks += 1;
  } else {
    tally.good += 1;
    tally.seconds.push(took);
    if (!saysDone) tally.falseFailures += 1;
    if (runs(rest, release)) tally.running = release;
  }
  const lost = failed.length > 0 ? `, ${failed.length} requests failed: ${failed[0]}` : '';
  return `${name}${isDefective ? ' defective' : ''}: ${saysDone ? 'done' : 'failed'}, ${took.toFixed(1)} s${lost}`;
}

interface LiveService {
  command: string;
  update: string;
  replicas: string;
}

/** Whether the service asks for a release, and two of its tasks run. */
function runs({ command, replicas }: LiveService, release: number): boolean {
  return command.includes(`echo ${release} `) && replicas === '2/2';
}

/** The service once the swarm moves no tasks any more; as it is then, if it goes on for too long. */
async function atRest(service: string): Promise<LiveService> {
  const look = async () => {
    const live = await read(service);
    return live.replicas === '2/2' && !/^(updating|rollback_started)$/.test(live.update) ? live : undefined;
  };
  return waitUntil(`${service} at rest`, look, { deadlineMs: settleMs }).catch(() => read(service));
}

async function read(service: string): Promise<LiveService> {
  const format = '{{join .Spec.TaskTemplate.ContainerSpec.Args " "}}|{{with .UpdateStatus}}{{.State}}{{end}}';
  const filters = ['--filter', `name=${service}`, '--format', '{{.Replicas}}'];
  const [inspected, replicas] = await Promise.all([
    dockerOn(manager, 'service', 'inspect', '--format', format, service),
    dockerOn(manager, 'service', 'ls', ...filters),
  ]);
  const [command = '', update = ''] = inspected.split('|');
  return { command, update, replicas };
}

export const rolloutTitle = 'Rollouts of good and of defective versions';

/** The section of docs/performance.md. */
export function rolloutSection({ contenders, minutes }: Rollouts, date: string): string {
  const rows = contenders.map((one) => {
    const failed = `${one.failedRequests} of ${one.requests}`;
    const seconds = median(one.seconds).toFixed(1);
    return `| ${one.name} | ${one.good} + ${one.defective} | ${one.rollbacks} | ${one.falseSuccesses} | ${one.falseFailures} | ${failed} | ${seconds} |`;
  });
  return [
    `## ${rolloutTitle}`,
    '',
    `Measured on ${date} by \`npm run soak -- --rollouts ${(contenders[0]?.good ?? 0) + (contenders[0]?.defective ?? 0)} --defective ${contenders[0]?.defective}\`, in ${minutes.toFixed(0)} minutes. Both deploy the same service, two tasks with a health check on the same swarm of three nodes, one rollout after the other in turn; a defective version fails its health check, and the service says \`failure_action: rollback\`. A false success is exit code 0 while the new version does not run with all its tasks, a false failure another exit code for a good version. During a rollout there is a request every 10 ms; one that fails at one node is tried at the others before it counts.`,
    '',
    '| | Good + defective rollouts | Rolled back | False successes | False failures | Failed requests | Median of good ones, s |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
