import { dockerOn } from './swarmctl.ts';

/** A change that somebody makes with the docker client, and the field by which it has to be found. */
export interface Edit {
  /** Such as `Service plain`. */
  resource: string;
  args: string[];
  field: string;
}

const container = 'spec.TaskTemplate.ContainerSpec';

/** Flags of `docker service update` for one service, each with its field. */
function service(name: string, edits: [args: string, field: string][]): Edit[] {
  return edits.map(([args, field]) => ({
    resource: `Service e2e-drift_${name}`,
    args: args.split(' '),
    field,
  }));
}

/** What `docker service update`, `docker node update` and `docker swarm update` can change. */
export const edits: Edit[] = [
  ...service('plain', [
    ['--image swarmctl/other:1 --no-resolve-image', `${container}.Image`],
    ['--args date', `${container}.Args[0]`],
    ['--replicas 2', 'spec.Mode.Replicated.Replicas'],
    ['--restart-condition on-failure', 'spec.TaskTemplate.RestartPolicy.Condition'],
    ['--restart-delay 1s', 'spec.TaskTemplate.RestartPolicy.Delay'],
    ['--restart-max-attempts 7', 'spec.TaskTemplate.RestartPolicy.MaxAttempts'],
    ['--restart-window 9s', 'spec.TaskTemplate.RestartPolicy.Window'],
    ['--log-driver json-file', 'spec.TaskTemplate.LogDriver'],
  ]),
  ...service('environment', [
    ['--env-add ADDED=1', `${container}.Env.ADDED`],
    ['--env-add CHANGED=2', `${container}.Env.CHANGED`],
    ['--env-rm REMOVED', `${container}.Env.REMOVED`],
    ['--env-add DB_PASSWORD=new-password', `${container}.Env.DB_PASSWORD`],
    ['--label-add outside=two', 'spec.Labels.outside'],
    ['--label-add by=hand', 'spec.Labels.by'],
    ['--container-label-add inside=two', `${container}.Labels.inside`],
    ['--mount-add type=tmpfs,destination=/scratch', `${container}.Mounts`],
    ['--hostname byhand', `${container}.Hostname`],
    ['--user 1', `${container}.User`],
    ['--workdir /tmp', `${container}.Dir`],
    ['--constraint-add node.role==manager', 'spec.TaskTemplate.Placement.Constraints'],
    ['--placement-pref-add spread=node.labels.zone', 'spec.TaskTemplate.Placement.Preferences'],
    ['--replicas-max-per-node 5', 'spec.TaskTemplate.Placement.MaxReplicas'],
  ]),
  ...service('limits', [
    ['--limit-cpu 0.75', 'spec.TaskTemplate.Resources.Limits.NanoCPUs'],
    ['--limit-memory 96M', 'spec.TaskTemplate.Resources.Limits.MemoryBytes'],
    ['--limit-pids 50', 'spec.TaskTemplate.Resources.Limits.Pids'],
    ['--reserve-cpu 0.02', 'spec.TaskTemplate.Resources.Reservations.NanoCPUs'],
    ['--reserve-memory 9M', 'spec.TaskTemplate.Resources.Reservations.MemoryBytes'],
    ['--ulimit-add nofile=3000', `${container}.Ulimits[0].Soft`],
    ['--cap-add SYS_TIME', `${container}.CapabilityAdd[1]`],
    ['--cap-drop MKNOD', `${container}.CapabilityDrop`],
    ['--sysctl-add net.ipv4.ip_unprivileged_port_start=0', `${container}.Sysctls`],
    ['--stop-signal SIGTERM', `${container}.StopSignal`],
    ['--stop-grace-period 3s', `${container}.StopGracePeriod`],
    ['--read-only', `${container}.ReadOnly`],
    ['--tty', `${container}.TTY`],
  ]),
  ...service('update', [
    ['--update-parallelism 2', 'spec.UpdateConfig.Parallelism'],
    ['--update-delay 1s', 'spec.UpdateConfig.Delay'],
    ['--update-failure-action pause', 'spec.UpdateConfig.FailureAction'],
    ['--update-monitor 700ms', 'spec.UpdateConfig.Monitor'],
    ['--update-max-failure-ratio 0.5', 'spec.UpdateConfig.MaxFailureRatio'],
    ['--update-order start-first', 'spec.UpdateConfig.Order'],
    ['--rollback-parallelism 2', 'spec.RollbackConfig.Parallelism'],
    ['--rollback-delay 1s', 'spec.RollbackConfig.Delay'],
    ['--rollback-failure-action continue', 'spec.RollbackConfig.FailureAction'],
    ['--rollback-monitor 700ms', 'spec.RollbackConfig.Monitor'],
    ['--rollback-max-failure-ratio 0.5', 'spec.RollbackConfig.MaxFailureRatio'],
    ['--rollback-order start-first', 'spec.RollbackConfig.Order'],
    ['--network-rm e2e-drift_back', 'spec.TaskTemplate.Networks'],
    ['--force', 'forceUpdate'],
  ]),
  ...service('container', [
    ['--mount-rm /data', `${container}.Mounts`],
    ['--health-cmd true', `${container}.Healthcheck.Test[0]`],
    ['--health-interval 7s', `${container}.Healthcheck.Interval`],
    ['--health-retries 8', `${container}.Healthcheck.Retries`],
    ['--secret-rm TOKEN --secret-add source=by-hand,target=token', `${container}.Secrets[0].SecretName`],
    ['--config-rm PAGE --config-add source=by-hand,target=/page', `${container}.Configs[0].ConfigName`],
    ['--dns-add 10.0.0.53', `${container}.DNSConfig`],
    ['--host-add one:10.0.0.1', `${container}.Hosts`],
    ['--init', `${container}.Init`],
  ]),
  ...service('network', [
    ['--publish-add published=18091,target=81,mode=host', 'spec.EndpointSpec.Ports[1]'],
    ['--network-add e2e-drift_front', 'spec.TaskTemplate.Networks[1]'],
  ]),
  ...service('removed', [
    [
      '--network-rm e2e-drift_front --network-add name=e2e-drift_front,alias=byhand',
      'spec.TaskTemplate.Networks[0].Aliases',
    ],
  ]),
];

/** Of nodes and of the swarm. */
export const swarmEdits: { args: string[]; resource: string; field: string }[] = [
  ...[
    ['--label-add by=hand', 'labels.by'],
    ['--availability drain', 'availability'],
    ['--role manager', 'role'],
  ].map(([args = '', field = '']) => ({
    resource: 'Node e2e-drift-one-worker-1',
    args: ['node', 'update', ...args.split(' '), 'e2e-drift-one-worker-1'],
    field,
  })),
  ...[
    ['--task-history-limit 9', 'taskHistoryLimit'],
    ['--cert-expiry 720h', 'certificateDays'],
    ['--dispatcher-heartbeat 6s', 'heartbeatSeconds'],
    ['--autolock', 'autolock'],
  ].map(([args = '', field = '']) => ({
    resource: 'Swarm one',
    args: ['swarm', 'update', ...args.split(' ')],
    field,
  })),
];

/** Makes all changes, those of one service together. */
export async function makeEdits(manager: string): Promise<void> {
  const names: Record<string, string> = {
    TOKEN: await dockerOn(
      manager,
      'secret',
      'ls',
      '--filter',
      'name=e2e-drift_token',
      '--format',
      '{{.Name}}',
    ),
    PAGE: await dockerOn(manager, 'config', 'ls', '--filter', 'name=e2e-drift_page', '--format', '{{.Name}}'),
  };
  for (const [resource, some] of Map.groupBy(edits, (edit) => edit.resource)) {
    const args = some.flatMap((edit) => edit.args).map((arg) => names[arg] ?? arg);
    await dockerOn(manager, 'service', 'update', '--detach', ...args, resource.replace('Service ', ''));
  }
  for (const { args } of swarmEdits) await dockerOn(manager, ...args);
}
