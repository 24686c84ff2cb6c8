import type { ComposeService } from '../compose/model.ts';
import { parseImageName } from '../docker/image-name.ts';
import type { Severity } from '../report/lint-report.ts';

/** Something that production practice asks of a service and that it does not have. */
export interface Fault {
  rule: string;
  severity: Severity;
  message: string;
  fix: string;
  /** Keys below the service that it is about; what is missing is told where the deepest of them stands. */
  path: string[];
}

/** Looks at one service of the compose files. */
type Rule = (service: ComposeService) => Fault[];

/** A rule about one thing, which is a fault or is not. */
function rule(fault: Fault, isFaulty: (service: ComposeService) => boolean): Rule {
  return (service) => (isFaulty(service) ? [fault] : []);
}

const modeOf = ({ deploy = {} }: ComposeService) => deploy.mode ?? 'replicated';
const isJob = (service: ComposeService) => modeOf(service).endsWith('-job');
const isReplicated = (service: ComposeService) => modeOf(service) === 'replicated';
const replicasOf = ({ deploy = {} }: ComposeService) => deploy.replicas ?? 1;

/** Names under which people keep what must not be read by others. */
const secretName =
  /(^|_)(password|passwd|pwd|secret|token|api_?key|private_?key|access_?key|credentials?)(_|$)/i;
/** What only says where the secret is, as many images take it. */
const secretFile = /_FILE$/i;

const rules: readonly Rule[] = [
  rule(
    {
      rule: 'health-check',
      severity: 'error',
      message:
        'has no health check: a task that hangs keeps getting requests, and an update cannot tell that it fails',
      fix: 'Add `healthcheck:` with a `test`, or `disable: true` where the image has one that does not fit.',
      path: ['healthcheck'],
    },
    (service) => !isJob(service) && service.healthcheck === undefined,
  ),
  rule(
    {
      rule: 'memory-limit',
      severity: 'error',
      message:
        'has no memory limit: one task can take all of its node, other services and the engine included',
      fix: 'Set `deploy.resources.limits.memory`.',
      path: ['deploy', 'resources', 'limits', 'memory'],
    },
    ({ deploy }) => deploy?.resources?.limits?.memory === undefined,
  ),
  rule(
    {
      rule: 'cpu-limit',
      severity: 'warning',
      message: 'has no CPU limit',
      fix: 'Set `deploy.resources.limits.cpus`.',
      path: ['deploy', 'resources', 'limits', 'cpus'],
    },
    ({ deploy }) => deploy?.resources?.limits?.cpus === undefined,
  ),
  rule(
    {
      rule: 'pids-limit',
      severity: 'note',
      message: 'has no limit of processes',
      fix: 'Set `deploy.resources.limits.pids`, such as 200.',
      path: ['deploy', 'resources', 'limits', 'pids'],
    },
    ({ deploy }) => deploy?.resources?.limits?.pids === undefined,
  ),
  rule(
    {
      rule: 'non-root',
      severity: 'warning',
      message: 'does not say what user it runs as: without `user` most images run as root',
      fix: 'Set `user: "1000:1000"` or another one that the image can run as.',
      path: ['user'],
    },
    ({ user }) => user === undefined || user === '',
  ),
  rule(
    {
      rule: 'non-root',
      severity: 'error',
      message: 'runs as root',
      fix: 'Set `user` to one that is not root, such as "1000:1000".',
      path: ['user'],
    },
    ({ user = '' }) => /^(root|0)(:|$)/.test(user),
  ),
  rule(
    {
      rule: 'read-only',
      severity: 'warning',
      message: 'can write to its root file system',
      fix: 'Set `read_only: true`, and mount a `tmpfs` volume where it has to write.',
      path: ['read_only'],
    },
    ({ read_only }) => read_only !== true,
  ),
  rule(
    {
      rule: 'drop-capabilities',
      severity: 'warning',
      message: "keeps the engine's default capabilities",
      fix: 'Set `cap_drop: [ALL]`, and `cap_add` what it needs.',
      path: ['cap_drop'],
    },
    ({ cap_drop = [] }) => !cap_drop.some((name) => /^(CAP_)?ALL$/i.test(name)),
  ),
  rule(
    {
      rule: 'update-config',
      severity: 'warning',
      message: 'does not go back when an update fails: the swarm pauses it half-way',
      fix: 'Set `deploy.update_config` with `failure_action: rollback`, and a `monitor` as long as it takes to fail.',
      path: ['deploy', 'update_config', 'failure_action'],
    },
    (service) => !isJob(service) && service.deploy?.update_config?.failure_action !== 'rollback',
  ),
  rule(
    {
      rule: 'rollback-config',
      severity: 'note',
      message: 'does not say how it goes back',
      fix: 'Set `deploy.rollback_config`, such as `{ parallelism: 1, order: stop-first }`.',
      path: ['deploy', 'rollback_config'],
    },
    (service) => !isJob(service) && service.deploy?.rollback_config === undefined,
  ),
  rule(
    {
      rule: 'replicas',
      severity: 'warning',
      message: 'has one task: it is away whenever its node is, and during updates with `order: stop-first`',
      fix: 'Set `deploy.replicas` to 2 or more.',
      path: ['deploy', 'replicas'],
    },
    (service) => isReplicated(service) && replicasOf(service) === 1,
  ),
  rule(
    {
      rule: 'spread',
      severity: 'note',
      message: 'has no spread preference: its tasks may all be in one zone',
      fix: 'Set `deploy.placement.preferences: [{ spread: node.labels.zone }]`.',
      path: ['deploy', 'placement', 'preferences'],
    },
    (service) =>
      isReplicated(service) && replicasOf(service) > 1 && !service.deploy?.placement?.preferences?.length,
  ),
  rule(
    {
      rule: 'log-rotation',
      severity: 'note',
      message: "says nothing of its log: with the engine's default it grows until the disk is full",
      fix: 'Set `logging: { driver: local }`, or the `max-size` and `max-file` of another driver.',
      path: ['logging'],
    },
    ({ logging }) => logging === undefined,
  ),
  imageTag,
  hostPorts,
  plainSecrets,
  dangerousMounts,
];

/** All that is wrong with a service, in the order of the rules. */
export function faultsOf(service: ComposeService): Fault[] {
  return rules.flatMap((look) => look(service));
}

/** What is built here has its tag from here. */
function imageTag({ image, build }: ComposeService): Fault[] {
  if (!image || build) return [];
  const { tag, digest } = parseImageName(image);
  if (digest !== undefined || tag !== 'latest') return [];
  return [
    {
      rule: 'image-tag',
      severity: 'error',
      message: `runs \`${image}\`, so whatever is the latest version at the moment`,
      fix: 'Name a version, or better a digest: `name:1.2.3@sha256:…`.',
      path: ['image'],
    },
  ];
}

/** A port of a node can be taken once: with more tasks than nodes some never start. */
function hostPorts(service: ComposeService): Fault[] {
  const isHost = (service.ports ?? []).some(({ mode, published }) => mode === 'host' && published);
  const { order } = service.deploy?.update_config ?? {};
  if (!isHost || !isReplicated(service)) return [];
  const faults: Fault[] = [];
  if (order === 'start-first') {
    faults.push({
      rule: 'host-port',
      severity: 'error',
      message: 'starts new tasks first in an update, while the old ones hold the ports of their nodes',
      fix: 'Set `deploy.update_config.order: stop-first`, or publish the port in ingress mode.',
      path: ['deploy', 'update_config', 'order'],
    });
  }
  if (replicasOf(service) > 1) {
    faults.push({
      rule: 'host-port',
      severity: 'note',
      message: `needs ${replicasOf(service)} nodes that have its ports free, one for each task`,
      fix: 'See that there are as many nodes, or use `mode: global` or ingress ports.',
      path: ['ports'],
    });
  }
  return faults;
}

/** The value is not told: it may be one. */
function plainSecrets({ environment = {} }: ComposeService): Fault[] {
  return Object.entries(environment)
    .filter(([name, value]) => value && secretName.test(name) && !secretFile.test(name))
    .map(([name]) => ({
      rule: 'plain-secret',
      severity: 'error',
      message: `has what looks like a secret in the variable \`${name}\`, where everybody can read it who may see the service`,
      fix: `Make it a secret under \`secrets:\`, and give its path, such as \`${name}_FILE: /run/secrets/…\`.`,
      path: ['environment', name],
    }));
}

function dangerousMounts({ volumes = [] }: ComposeService): Fault[] {
  return volumes.flatMap(({ type, source = '', read_only }, index): Fault[] => {
    if (type !== 'bind') return [];
    if (/(^|\/)docker\.sock$/.test(source)) {
      return [
        {
          rule: 'docker-socket',
          severity: 'error',
          message: `mounts \`${source}\`: who controls the service controls its node`,
          fix: 'Do without, or put a proxy between that lets through only what is needed.',
          path: ['volumes', String(index)],
        },
      ];
    }
    return [
      {
        rule: 'bind-mount',
        severity: 'note',
        message: `mounts the folder \`${source}\` of its node${read_only ? '' : ', writable'}: it has to be there on each node`,
        fix: 'Use a config, a secret or a volume.',
        path: ['volumes', String(index)],
      },
    ];
  });
}
