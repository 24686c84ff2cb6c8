import { SwarmctlError } from '../errors.ts';
import { withDeadline } from './deadline.ts';
import type { Platform } from './engine-spec.ts';
import type { RegistryAuth } from './registry-auth.ts';
import type { Swarm } from './swarm.ts';

/** What a registry says that an image's tag stands for now. */
export interface RegistryImage {
  /** `sha256:…` */
  digest: string;
  platforms: Platform[];
}

/** Milliseconds that a registry has to answer: nobody waits for one that is out of reach. */
const answerDeadlineMs = 10_000;

/**
 * Asks a registry, through a manager of the swarm as the nodes will, what an image's tag stands for.
 * @returns the reason when the registry does not tell.
 * @throws SwarmctlError when no manager can be asked.
 */
export async function askRegistry(
  swarm: Swarm,
  image: string,
  auth: RegistryAuth | undefined,
): Promise<RegistryImage | { reason: string }> {
  return swarm.ask(
    `asking the registry for ${image}`,
    async (api) => {
      try {
        const question = api.getImage(image).distribution(auth ? { authconfig: auth } : {});
        const { Descriptor, Platforms } = await withDeadline(question, answerDeadlineMs, 'the registry');
        return { digest: Descriptor.digest, platforms: (Platforms ?? []).map(platform) };
      } catch (error) {
        return { reason: reasonOf(error) };
      }
    },
    2 * answerDeadlineMs,
  );
}

/** A node of the architecture "arm" calls itself by its variant, which no image names (moby/swarmkit#2294). */
function platform({ architecture, os }: { architecture?: string; os?: string }): Platform {
  const Architecture = architecture?.toLowerCase() === 'arm' ? undefined : architecture;
  return { ...(Architecture && { Architecture }), ...(os && { OS: os }) };
}

/** An engine that gave no answer at all is not the registry's fault. */
function reasonOf(error: unknown): string {
  if (error instanceof SwarmctlError) return error.message;
  const { statusCode, json } = error as { statusCode?: number; json?: { message?: string } };
  if (statusCode === undefined) throw error;
  return json?.message?.trim() ?? `status ${statusCode}`;
}
