import { SwarmctlError } from '../errors.ts';
import { findTool } from './tool.ts';
import { compareVersions, dockerClientMinimum, findVersion } from './versions.ts';

/**
 * Checks that the docker client on PATH has `docker stack config`, which reads the compose files.
 * @throws SwarmctlError `toolchain`.
 */
export async function checkDockerClient(): Promise<void> {
  const version = await findDockerClient();
  if (version && compareVersions(version, dockerClientMinimum) >= 0) return;
  const found = version
    ? `The docker client on PATH is ${version}, too old for`
    : 'No docker client is on PATH for';
  throw new SwarmctlError('toolchain', `${found} \`docker stack config\`, which reads the compose files.`, {
    hint: `Install the docker command-line client ${dockerClientMinimum} or newer; the engine may stay as it is.`,
  });
}

/** The version of the docker client on PATH; undefined where there is none. */
export async function findDockerClient(): Promise<string | undefined> {
  return findVersion((await findTool('docker', ['--version'])) ?? '');
}
