import { hostname, userInfo } from 'node:os';
import { execa } from 'execa';

/** Who made a change, and from which sources. */
export interface Maker {
  /** The user who ran it, or for whom a CI system did. */
  who: string;
  host: string;
  /** The git commit of the fleet file's folder; absent where that is in no repository. */
  commit?: { id: string; subject: string; isDirty: boolean };
}

const gitDeadlineMs = 5_000;

export async function describeMaker(directory: string, env = process.env): Promise<Maker> {
  const commit = await commitOf(directory);
  const who = env.GITHUB_ACTOR || env.GITLAB_USER_LOGIN || userName();
  return { who, host: hostname(), ...(commit && { commit }) };
}

/** A user that the system has no name for is no error. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

async function commitOf(directory: string): Promise<Maker['commit']> {
  const git = (...args: string[]) =>
    execa('git', ['-C', directory, ...args], { reject: false, stdin: 'ignore', timeout: gitDeadlineMs });
  const [log, status] = await Promise.all([
    git('log', '-1', '--format=%H %s'),
    git('status', '--porcelain', '--untracked-files=no'),
  ]);
  if (log.failed) return undefined;
  const [id = '', ...subject] = log.stdout.split(' ');
  return { id, subject: subject.join(' '), isDirty: status.stdout !== '' };
}
