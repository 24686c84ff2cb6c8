import type { EndpointSpec, PortConfig } from '../docker/engine-spec.ts';
import type { ComposePort } from './model.ts';
import { withoutUnset } from './unset.ts';

/** How clients reach a service: by a virtual address or by each task's own, and the published ports in their order. */
export function endpointSpec(mode: string | undefined, ports: readonly ComposePort[] = []): EndpointSpec {
  return withoutUnset<EndpointSpec>({
    Mode: mode?.toLowerCase(),
    Ports: ports.map(portConfig).sort((a, b) => (a.PublishedPort ?? 0) - (b.PublishedPort ?? 0)),
  });
}

function portConfig({ protocol, target, published, mode }: ComposePort): PortConfig {
  return withoutUnset<PortConfig>({
    Protocol: protocol,
    TargetPort: target,
    PublishedPort: published,
    PublishMode: mode,
  });
}
