import { resolve } from 'node:path';
import type { BuildRequest } from '../docker/build-image.ts';
import type { ComposeBuild, ComposeFile } from './model.ts';

/** An image that a service has built from a folder or a URL. */
export interface ImageBuild extends Omit<BuildRequest, 'args'> {
  /** Name of the service in the swarm. */
  service: string;
  /** null takes the value from the environment. */
  args: Record<string, string | null>;
}

/** The name of a built image whose service has no `image`. */
export function builtImageName(stack: string, service: string): string {
  return `${stack}_${service}`;
}

/** What the services of a stack have built. */
export function imageBuilds({ model, directory, locate }: ComposeFile, stack: string): ImageBuild[] {
  return Object.entries(model.services).flatMap(([name, { build, image }]) => {
    if (!build) return [];
    const context = contextOf(build, directory);
    return {
      service: `${stack}_${name}`,
      image: image || builtImageName(stack, name),
      context,
      dockerfile:
        build.dockerfile && (isRemote(context) ? build.dockerfile : resolve(context, build.dockerfile)),
      position: locate('services', name, 'build'),
      args: build.args ?? {},
      labels: build.labels ?? {},
      target: build.target,
      network: build.network,
      cacheFrom: build.cache_from ?? [],
      extraHosts: build.extra_hosts ?? [],
    };
  });
}

function contextOf({ context = '.' }: ComposeBuild, directory: string): string {
  return isRemote(context) ? context : resolve(directory, context);
}

/** What the docker client takes for a URL, not for a folder (docker/cli, Building context). */
function isRemote(context: string): boolean {
  return /^(https?:\/\/|git:\/\/|git@|github\.com\/)/.test(context);
}
