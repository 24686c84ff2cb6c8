import type { Placement, ServiceSpec, TaskSpec } from '../docker/engine-spec.ts';
import { SwarmctlError } from '../errors.ts';
import { builtImageName } from './builds.ts';
import { containerSpec, logDriver } from './container.ts';
import { refuseWhatEnginesRefuse } from './engine-rules.ts';
import { stackImageLabel, stackLabels } from './labels.ts';
import { serviceMode } from './mode.ts';
import type { ComposeFile, ComposePlacement, ComposeService, Locate } from './model.ts';
import { networkAttachments } from './networks.ts';
import { endpointSpec } from './ports.ts';
import { resourceRequirements } from './resources.ts';
import { restartPolicy } from './restart-policy.ts';
import { withoutUnset } from './unset.ts';
import { updateConfig } from './update-config.ts';
import { refuseUnknownWords } from './vocabulary.ts';

/**
 * The spec of one service of the stack.
 * @param name key under `services:`
 * @throws SwarmctlError `config` with file, line and column
 */
export function serviceSpec(compose: ComposeFile, stack: string, name: string): ServiceSpec {
  const service = compose.model.services[name] ?? {};
  const { deploy = {} } = service;
  const locate: Locate = (...path) => compose.locate('services', name, ...path);
  const image = imageOf(stack, service, name, locate);
  refuseUnknownWords(service, locate);
  refuseWhatEnginesRefuse(`${stack}_${name}`, { ...service, image }, locate);
  return withoutUnset<ServiceSpec>({
    Name: `${stack}_${name}`,
    Labels: { ...stackLabels(stack, deploy.labels), [stackImageLabel]: image },
    TaskTemplate: withoutUnset<TaskSpec>({
      ContainerSpec: containerSpec(compose, stack, { ...service, image }, locate),
      Resources: resourceRequirements(deploy.resources, locate),
      RestartPolicy: restartPolicy(service, locate),
      Placement: placement(deploy.placement),
      Networks: networkAttachments(compose, stack, name, service),
      LogDriver: logDriver(service.logging),
    }),
    Mode: serviceMode(deploy, locate),
    UpdateConfig: updateConfig(deploy.update_config),
    RollbackConfig: updateConfig(deploy.rollback_config),
    EndpointSpec: endpointSpec(deploy.endpoint_mode, service.ports),
  });
}

function imageOf(stack: string, service: ComposeService, name: string, locate: Locate): string {
  if (service.image) return service.image;
  if (service.build) return builtImageName(stack, name);
  throw new SwarmctlError('config', `${locate('image')}: service \`${name}\` has no \`image\``, {
    hint: 'Name the image that its tasks run; a variable in it may be unset.',
  });
}

function placement({ constraints, preferences, max_replicas_per_node }: ComposePlacement = {}): Placement {
  return withoutUnset<Placement>({
    Constraints: constraints,
    Preferences: preferences?.map(({ spread }) => ({ Spread: { SpreadDescriptor: spread ?? '' } })),
    MaxReplicas: max_replicas_per_node,
  });
}
