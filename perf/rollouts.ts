import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { startLoad } from '../e2e/load.ts';
import { dockerOn, swarmctl, swarmctlJson } from '../e2e/swarmctl.ts';
import { withFleet } from './fleets.ts';
import { median } from './paired.ts';

/** What came of many rollouts, some of them of a version whose health check fails. */
export interface RolloutCounts {
  name: string;
  good: number;
  defective: number;
  /** Defective ones after which all tasks run the version before. */
  rollbacks: number;
  /** Defective ones that ended with exit code 0. */
  falseSuccesses: number;
  /** Good ones that ended with another exit code. */
  falseFailures: number;
  requests: number;
  failedRequests: number;
  /** Of the good ones. */
  medianSeconds: number;
}

const fleet = 'soak-rollouts';
const manager = `${fleet}-one-manager-1`;
const fleetFile = `fleet: ${fleet}\nclusters: { one: {} }\napps: [compose.yaml]\n`;
/** `docker stack deploy` may wait for ever. */
const deadlineMs = 180_000;

/** Two replicas with a port in host mode on three nodes, so that each stop-first update has a free node. */
function composeOf(port: number, release: number, isDefective: boolean): string {
  const path = isDefective ? 'gone' : 'index.html';
  return `version: "3.12"
services:
  web:
    image: swarmctl/hello:1
    command: ["sh", "-c", "echo ${release} > /www/index.html; exec httpd -f -p 8080 -h /www"]
    ports: [{ target: 8080, published: ${port}, mode: host }]
    healthcheck:
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/${path}"]
      interval: 2s
      timeout: 3s
      retries: 2
      start_period: 2s
      start_interval: 250ms
    deploy:
      replicas: 2
      endpoint_mode: dnsrr
      update_config: { order: stop-first, failure_action: rollback, monitor: 4s }
      rollback_config: { order: stop-first, monitor: 2s }
      restart_policy: { condition: any, delay: 1s }
`;
}

interface Contender {
  name: string;
  stack: string;
  port: number;
  /** Whether it says that it went well. */
  deploy(folder: string, compose: string): Promise<boolean>;
}

const contenders: Contender[] = [
  {
    name: '`swarmctl up`',
    stack: fleet,
    port: 8080,
    async deploy(folder, compose) {
      await writeFile(join(folder, 'compose.yaml'), compose);
      return (await swarmctl(folder, ['up', '--yes', '--skip-bench'])).exitCode === 0;
    },
  },
  {
    name: '`docker stack deploy --detach=false`',
    stack: 'peer',
    port: 8081,
    async deploy(_folder, compose) {
      const command = ['stack', 'deploy', '--detach=false', '--resolve-image', 'never', '-c', '-', 'peer'];
      const options = { input: compose, reject: false, timeout: deadlineMs };
      return (await execa('docker', ['exec', '-i', manager, 'docker', ...command], options)).exitCode === 0;
    },
  },
];

/**
 * Rolls out a new version again and again, under load, by each contender on the same swarm.
 * @param defective of them, spread evenly.
 */
export function soakRollouts(
  rollouts: number,
  defective: number,
  log: (line: string) => void,
): Promise<RolloutCounts[]> {
  const files = { 'swarmctl.yaml': fleetFile, 'compose.yaml': composeOf(8080, 0, false) };
  return withFleet(files, async (folder) => {
    const { report, exitCode } = await swarmctlJson(folder, ['up', '--yes', '--skip-bench']);
    if (exitCode !== 0) throw new Error(JSON.stringify(report));
    const addresses = report.clusters.flatMap(({ nodes }) => nodes.map(({ address }) => address));
    const counts: RolloutCounts[] = [];
    for (const contender of contenders) {
      await contender.deploy(folder, composeOf(contender.port, 0, false));
      const urls = addresses.map((address) => `http://${address}:${contender.port}/`);
      counts.push(await soak(contender, { folder, rollouts, defective, urls, log }));
    }
    return counts;
  });
}

interface SoakOptions {
  folder: string;
  rollouts: number;
  defective: number;
  urls: string[];
  log: (line: string) => void;
}

async function soak(contender: Contender, options: SoakOptions): Promise<RolloutCounts> {
  const { folder, rollouts, defective, urls, log } = options;
  const { name, port, stack } = contender;
  const counts = { good: 0, defective: 0, rollbacks: 0, falseSuccesses: 0, falseFailures: 0 };
  const seconds: number[] = [];
  const load = startLoad(urls);
  let running = 0;
  for (let release = 1; release <= rollouts; release += 1) {
    // The one in the middle of each part is defective.
    const part = (index: number) => Math.floor((index * defective) / rollouts + 0.5);
    const isDefective = part(release) > part(release - 1);
    const start = performance.now();
    const saysDone = await contender.deploy(folder, composeOf(port, release, isDefective));
    const took = (performance.now() - start) / 1_000;
    if (isDefective) {
      counts.defective += 1;
      if (saysDone) counts.falseSuccesses += 1;
      if (await runs(`${stack}_web`, running)) counts.rollbacks += 1;
    } else {
      counts.good += 1;
      seconds.push(took);
      const isThere = await runs(`${stack}_web`, release);
      if (!saysDone) counts.falseFailures += 1;
      else if (!isThere) counts.falseSuccesses += 1;
      if (isThere) running = release;
    }
    log(
      `${name} ${release}/${rollouts}${isDefective ? ' defective' : ''}: ${saysDone ? 'done' : 'failed'}, ${took.toFixed(1)} s`,
    );
  }
  const { requests, failed } = await load.stop();
  for (const reason of failed.slice(0, 5)) log(`${name}: a request failed: ${reason}`);
  return { name, ...counts, requests, failedRequests: failed.length, medianSeconds: median(seconds) };
}

/** Whether the service asks for a release, and two of its tasks run. */
async function runs(service: string, release: number): Promise<boolean> {
  const format = '{{join .Spec.TaskTemplate.ContainerSpec.Args " "}}';
  const command = await dockerOn(manager, 'service', 'inspect', '--format', format, service);
  const filters = ['--filter', `name=${service}`, '--format', '{{.Replicas}}'];
  const replicas = await dockerOn(manager, 'service', 'ls', ...filters);
  return command.includes(`echo ${release} `) && replicas === '2/2';
}

export function rolloutTable(counts: readonly RolloutCounts[]): string {
  const rows = counts.map(
    (one) =>
      `| ${one.name} | ${one.good} + ${one.defective} | ${one.rollbacks} | ${one.falseSuccesses} | ${one.falseFailures} | ${one.failedRequests} of ${one.requests} | ${one.medianSeconds.toFixed(1)} |`,
  );
  return [
    '| | Good + defective rollouts | Rolled back | False successes | False failures | Failed requests | Median of good ones, s |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
