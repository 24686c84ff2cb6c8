import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where tools are installed for this user, by version: `$XDG_CACHE_HOME/swarmctl`, else `~/.cache/swarmctl`. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const configured = env.XDG_CACHE_HOME;
  // A relative path is to be ignored, says the XDG base directory specification.
  const base = configured && isAbsolute(configured) ? configured : join(homedir(), '.cache');
  return join(base, 'swarmctl');
}

/** The `PULUMI_HOME` of every Pulumi run of swarmctl: its plugins, apart from those of the user's own projects. */
export function pulumiHome(cache: string = cacheDirectory()): string {
  return join(cache, 'pulumi-home');
}
