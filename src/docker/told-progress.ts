import type Dockerode from 'dockerode';
import { SwarmctlError } from '../errors.ts';

/**
 * Reads to its end what an engine tells of a load or a pull, line by line. What fails in the middle, such as for want of
 * room, is told there, after a status of 200.
 * @param what for errors, such as `loading image web:1 on unix:///var/run/docker.sock`.
 * @throws SwarmctlError `docker` with the engine's words.
 */
export async function readProgress(
  api: Dockerode,
  what: string,
  progress: NodeJS.ReadableStream,
): Promise<void> {
  const told = await new Promise<{ error?: string }[]>((resolve, reject) => {
    api.modem.followProgress(progress, (error, messages) => (error ? reject(error) : resolve(messages)));
  });
  const failure = told.find(({ error }) => error)?.error;
  if (failure !== undefined) throw new SwarmctlError('docker', `${what} failed: ${failure.trim()}`);
}
