import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from '../src/toolchain/cache.ts';
import { installFolder } from '../src/toolchain/install.ts';
import { withLock } from '../src/toolchain/lock.ts';

/** zsh and fish with what their completion needs; bash is everywhere. */
const packages = ['zsh', 'zsh-common', 'fish', 'fish-common', 'libpcre2-32-0'];
const deadlineMs = 240_000;

/**
 * Unpacks shells from the apt sources of this machine into the cache, once; nothing is installed, root is not needed.
 * @returns the folder that stands for their `/`
 */
export async function unpackShells(): Promise<string> {
  const cache = cacheDirectory();
  const folder = join(cache, 'test-shells');
  await withLock(join(cache, 'locks', 'test-shells.lock'), { deadlineMs }, () =>
    installFolder(folder, unpackInto),
  );
  return folder;
}

async function unpackInto(folder: string): Promise<void> {
  const options = [
    ...['-q', '-o', `Dir::State::Lists=${folder}/apt/lists`, '-o', `Dir::Cache=${folder}/apt/cache`],
    ...['-o', 'APT::Sandbox::User=root', '-o', 'Debug::NoLocking=1'],
  ];
  const run = (command: string, args: string[]) =>
    execa(command, args, { cwd: folder, timeout: deadlineMs, env: { LC_ALL: 'C' } });
  await run('mkdir', ['-p', 'apt/lists/partial', 'apt/cache/archives/partial']);
  await run('apt-get', [...options, 'update']);
  await run('apt-get', [...options, 'download', ...packages]);
  const archives = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
  for (const archive of archives) await run('dpkg-deb', ['--extract', archive, '.']);
  await run('rm', ['-r', 'apt', ...archives]);
}

/** A shell that a person sits at; its start-up file has to have the prompt `ready> `, and Ctrl-X print `LINE=[…]`. */
export interface Terminal {
  /** What stands on the command line after somebody has typed a line and pressed the tabulator key. */
  completed(line: string): Promise<string>;
  close(): Promise<void>;
}

/** @param command of the shell, which gets a pseudo-terminal. */
export async function openTerminal(
  command: string,
  cwd: string,
  env: Record<string, string>,
): Promise<Terminal> {
  const child = execa('script', ['-qec', command, '/dev/null'], { cwd, env, reject: false, buffer: false });
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += String(chunk);
  });
  const shows = async (pattern: RegExp) => {
    const end = performance.now() + 60_000;
    for (;;) {
      const found = pattern.exec(shown);
      if (found) return found[1] ?? '';
      if (performance.now() > end) throw new Error(`${command} never showed ${pattern}:\n${shown}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await shows(/ready> /);
  return {
    async completed(line) {
      shown = '';
      child.stdin.write(`${line}\t\u0018`);
      return (await shows(/LINE=\[(.*?)\]/)).trimEnd();
    },
    async close() {
      child.stdin.write('exit\r');
      await child;
    },
  };
}
