import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A request every 10 ms; one that fails is tried at the other addresses, as a client with a list of them does.
 * @param urls of the same service on several nodes.
 */
export function startLoad(urls: readonly string[]) {
  const ended = new AbortController();
  const failed: string[] = [];
  const pending: Promise<void>[] = [];
  const ask = async (turn: number) => {
    const reasons: string[] = [];
    for (const index of urls.keys()) {
      const url = urls[(turn + index) % urls.length] ?? '';
      try {
        const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(5_000) });
        if (ok) return;
        reasons.push(`${url}: ${status}`);
      } catch (error) {
        reasons.push(`${url}: ${error instanceof Error ? (error.cause ?? error.message) : error}`);
      }
    }
    failed.push(reasons.join('; '));
  };
  const asking = (async () => {
    for (let turn = 0; !ended.signal.aborted; turn += 1) {
      pending.push(ask(turn));
      await sleep(10);
    }
  })();
  return {
    async stop() {
      ended.abort();
      await asking;
      await Promise.all(pending);
      return { requests: pending.length, failed };
    },
  };
}
