import type { Io } from './io.ts';

/**
 * Does what goes on until nobody wants it any more: `work` gets a signal that is aborted when the reader of stdout has
 * gone or the process is asked to end.
 * @returns what it came to, where it ended by itself, and what stopped it, where something did.
 */
export async function whileRead<Result>(
  io: Io,
  interruption: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<{ exitCode?: Result; stopped?: 'interrupted' | 'unread' }> {
  const gone = new AbortController();
  const onGone = () => gone.abort();
  io.stdout.on('error', onGone).on('close', onGone);
  try {
    const exitCode = await work(AbortSignal.any([interruption, gone.signal]));
    if (interruption.aborted) return { stopped: 'interrupted' };
    return gone.signal.aborted ? { stopped: 'unread' } : { exitCode };
  } catch (error) {
    if (interruption.aborted) return { stopped: 'interrupted' };
    if (gone.signal.aborted) return { stopped: 'unread' };
    throw error;
  } finally {
    io.stdout.off('error', onGone).off('close', onGone);
  }
}

/** Writes to stdout, and waits as long as its reader is behind. */
export async function writeOut(
  { stdout }: Io,
  text: string | Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  if (stdout.write(text) || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => resolve();
  stdout.once('drain', done);
  signal.addEventListener('abort', done);
  await promise;
  stdout.off('drain', done);
  signal.removeEventListener('abort', done);
}
