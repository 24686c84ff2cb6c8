import type { Fleet } from '../fleet/model.ts';
import {
  compareVersions,
  debianEngineMajor,
  dockerClientMinimum,
  pulumiMinimum,
} from '../toolchain/versions.ts';
import type { AnsweringEngine, Check, SilentEngine } from './facts.ts';

/** The first engine that is known to start privileged containers on kernels of today; Debian 12's 20.10 does not. */
const engineMinimum = '23.0.0';

export const checkFleet: Check = ({ fleet, fleetError }) => {
  const name = 'fleet-file';
  if (fleetError) {
    const { message, details, hint } = fleetError;
    const told = [message, ...details].join('\n');
    return { name, status: 'fail', message: told, ...(hint !== undefined && { fix: hint }) };
  }
  if (!fleet) return undefined;
  const count = fleet.clusters.length;
  const message = `Fleet ${fleet.name}: ${count === 1 ? '1 cluster' : `${count} clusters`}, target ${fleet.target}.`;
  return { name, status: 'ok', message };
};

export const checkDockerClient: Check = ({ tools: { dockerClient } }) => {
  const name = 'docker-client';
  const fix = `Install the docker command-line client ${dockerClientMinimum} or newer; the engine may stay as it is.`;
  if (!dockerClient)
    return {
      name,
      status: 'fail',
      message: 'There is no docker client on PATH to read compose files with.',
      fix,
    };
  if (compareVersions(dockerClient, dockerClientMinimum) >= 0)
    return { name, status: 'ok', message: `Client ${dockerClient} has \`docker stack config\`.` };
  return {
    name,
    status: 'fail',
    message: `Client ${dockerClient} is too old for \`docker stack config\`, which reads the compose files.`,
    fix,
  };
};

export const checkEngine: Check = ({ engine, fleet }) => {
  const name = 'engine';
  const isLocal = (fleet?.target ?? 'local') === 'local';
  if (!engine.answers) {
    const { message, fix } = whySilent(engine);
    if (isLocal) return { name, status: 'fail', message, fix };
    const use = 'Here it is only needed for the benchmark and for images that no registry has.';
    return { name, status: 'warn', message: `${message} ${use}`, fix };
  }
  const { version, endpoint, os } = engine;
  const weakness = isLocal ? weaknessOf(engine) : undefined;
  if (weakness) return { name, status: 'warn', ...weakness };
  return { name, status: 'ok', message: `Engine ${version} on ${os} answers at ${endpoint}.` };
};

function whySilent({ endpoint, reason, message, hint }: SilentEngine): { message: string; fix: string } {
  const start =
    'start Docker (`systemctl start docker`, or Docker Desktop), or set DOCKER_HOST to the socket of a running engine';
  switch (reason) {
    case 'ENOENT':
      return {
        message: `There is no engine at ${endpoint}: the socket does not exist.`,
        fix: `Install Docker; then ${start}.`,
      };
    case 'ECONNREFUSED':
      return {
        message: `The socket ${endpoint} is stale: nothing listens on it any more.`,
        fix: `Unset DOCKER_HOST if it is out of date, or ${start}.`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        message: `This user may not use the engine at ${endpoint}.`,
        fix: 'Add the user to the group docker (`usermod -aG docker $USER`) and log in again.',
      };
    case 'timeout':
      return {
        message: `The engine at ${endpoint} takes connections and does not answer.`,
        fix: 'Look at its log (`journalctl -u docker`), then restart it.',
      };
    default:
      return { message, fix: hint ?? `Then ${start}.` };
  }
}

function weaknessOf({ version, isRootless }: AnsweringEngine): { message: string; fix: string } | undefined {
  if (compareVersions(version, engineMinimum) < 0) {
    return {
      message: `Engine ${version} cannot start privileged containers on newer kernels, and local nodes are such containers.`,
      fix: `Install engine ${engineMinimum} or newer.`,
    };
  }
  if (!isRootless) return undefined;
  return {
    message: `Engine ${version} runs rootless, where local nodes are not tried.`,
    fix: 'If nodes do not start, set DOCKER_HOST to an engine that runs as root.',
  };
}

export const checkDockerContext: Check = ({ tools: { dockerContext }, engine: { endpoint } }) => {
  if (dockerContext === undefined) return undefined;
  return {
    name: 'docker-context',
    status: 'warn',
    message: `The docker client uses context ${dockerContext}, swarmctl the engine at ${endpoint}: they may be two.`,
    fix: 'export DOCKER_HOST="$(docker context inspect --format \'{{.Endpoints.docker.Host}}\')"',
  };
};

export const checkPulumi: Check = ({ tools: { pulumi, hasGo, ...tools }, fleet }) => {
  const name = 'pulumi';
  const provider = {
    local: { called: 'the Docker provider', isThere: tools.hasDockerProvider },
    hosts: undefined,
    aws: { called: 'the AWS provider', isThere: tools.hasAwsProvider },
  }[fleet?.target ?? 'local'];
  if (pulumi !== undefined && provider?.isThere !== false) {
    const both = provider ? ` and ${provider.called} are` : ' is';
    return { name, status: 'ok', message: `CLI ${pulumi}${both} installed.` };
  }
  const missing = [
    pulumi === undefined && `a CLI of ${pulumiMinimum} or newer`,
    provider?.isThere === false && provider.called,
  ];
  const way = hasGo
    ? 'downloads it, or builds it with Go'
    : 'downloads it; where that is out of reach, Go is needed';
  return {
    name,
    status: 'warn',
    message: `Not installed yet: ${missing.filter((what) => what !== false).join(' and ')}.`,
    fix:
      fleet?.target === 'aws'
        ? 'The first `up` downloads what is missing.'
        : `\`swarmctl setup\` ${way}; the first \`up\` does the same.`,
  };
};

export const checkNodeImage: Check = ({ tools: { nodeImage }, engine, fleet }) => {
  if (!engine.answers) return undefined;
  const name = 'node-image';
  if (nodeImage !== undefined) return { name, status: 'ok', message: `Local nodes run from ${nodeImage}.` };
  return {
    name,
    status: 'warn',
    message: `The image of local nodes with engine ${engineVersionOf(fleet)} is not there yet.`,
    fix: '`swarmctl setup` pulls or builds it; the first `up` does the same.',
  };
};

/** The engine version of local nodes; without a fleet that of `setup`. */
export function engineVersionOf(fleet: Fleet | undefined): string {
  return fleet?.engine ?? debianEngineMajor;
}
