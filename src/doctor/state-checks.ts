import type { Check, LockFacts } from './facts.ts';

export const checkStateFolder: Check = ({ state }) => {
  if (!state) return undefined;
  const name = 'state-folder';
  const { folder, isWritable, mode, passphraseMode } = state;
  if (!isWritable) {
    const fix = `Run as the user that it belongs to, or \`chown -R $USER ${folder}\`.`;
    return { name, status: 'fail', message: `This user may not write to ${folder}.`, fix };
  }
  if (passphraseMode !== undefined && isOpen(passphraseMode)) {
    const message = `Others may read the passphrase of the state, ${folder}/passphrase (mode ${octal(passphraseMode)}).`;
    return { name, status: 'fail', message, fix: `chmod 600 ${folder}/passphrase` };
  }
  if (isOpen(mode)) {
    const message = `Others may look into ${folder} (mode ${octal(mode)}).`;
    return { name, status: 'warn', message, fix: `chmod 700 ${folder}` };
  }
  return { name, status: 'ok', message: `${folder} belongs to this user alone.` };
};

function isOpen(mode: number): boolean {
  return (mode & 0o077) !== 0;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

export const checkLocks: Check = ({ locks }) => {
  const name = 'locks';
  const far = locks.filter(({ holder }) => holder === 'elsewhere');
  if (far.length > 0) {
    const message = `Whether locks of another host are still held, nobody can tell here: ${list(far)}.`;
    const fix = `Where that run has ended: rm ${far.map(({ path }) => path).join(' ')}`;
    return { name, status: 'warn', message, fix };
  }
  const left = locks.filter(({ holder }) => holder === 'ended');
  if (left.length > 0) {
    const message = `Left by runs that have ended: ${list(left)}.`;
    return { name, status: 'warn', message, fix: 'Nothing has to be done: the next run takes them over.' };
  }
  if (locks.length === 0) return { name, status: 'ok', message: 'No run holds a lock.' };
  return { name, status: 'ok', message: `Held by runs that go on: ${list(locks)}.` };
};

function list(locks: LockFacts[]): string {
  return locks.map(({ path, pid, host }) => `${path} (process ${pid} on ${host})`).join('; ');
}
