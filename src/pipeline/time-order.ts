import { createHeap } from './heap.ts';

/** What can be brought into the order of its times. */
export interface Timed {
  /** Sorts as text. */
  time: string;
  text: string;
}

export interface Window {
  /** How long an item is held back for earlier ones to come, in milliseconds; Infinity: until all sources end. */
  holdMs: number;
  /** Held at most, in bytes. When it is full the earliest item goes, and the sources wait. */
  maxBytes: number;
}

interface Held<Item> {
  item: Item;
  /** The order of coming, for items of the same time. */
  number: number;
  arrivedAt: number;
}

/** What an item takes beside its text, in bytes, roughly. */
const overheadBytes = 200;

/**
 * The items of several sources, each of which is about in the order of its times, in that order. A reader that is slow
 * makes the sources wait: what is held does not grow.
 */
export async function* inTimeOrder<Item extends Timed>(
  sources: readonly AsyncIterable<Item>[],
  { holdMs, maxBytes }: Window,
): AsyncGenerator<Item> {
  const held = createHeap<Held<Item>>((one, other) =>
    one.item.time === other.item.time ? one.number < other.number : one.item.time < other.item.time,
  );
  const changes = createBell();
  const room = createBell();
  let bytes = 0;
  let count = 0;
  let failure: { error: unknown } | undefined;

  const pump = async (source: AsyncIterable<Item>) => {
    for await (const item of source) {
      held.push({ item, number: count++, arrivedAt: performance.now() });
      bytes += sizeOf(item);
      changes.ring();
      while (bytes > maxBytes) await room.rings();
    }
  };
  let running = sources.length;
  for (const source of sources) {
    pump(source)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        running -= 1;
        changes.ring();
      });
  }

  for (;;) {
    if (failure) throw failure.error;
    const first = held.peek();
    if (!first && running === 0) return;
    const waitMs = first ? first.arrivedAt + holdMs - performance.now() : Number.POSITIVE_INFINITY;
    if (first && (running === 0 || bytes > maxBytes || waitMs <= 0)) {
      held.pop();
      bytes -= sizeOf(first.item);
      room.ring();
      yield first.item;
    } else await changes.rings(waitMs);
  }
}

function sizeOf({ text }: Timed): number {
  return text.length + overheadBytes;
}

/** Wakes all who wait for it. */
interface Bell {
  ring(): void;
  /** Settles with the next ring, or after so many milliseconds. */
  rings(withinMs?: number): Promise<void>;
}

function createBell(): Bell {
  let next = Promise.withResolvers<void>();
  return {
    ring() {
      next.resolve();
      next = Promise.withResolvers();
    },
    async rings(withinMs = Number.POSITIVE_INFINITY) {
      if (withinMs === Number.POSITIVE_INFINITY) return next.promise;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs);
      await Promise.race([next.promise, promise]);
      clearTimeout(timer);
    },
  };
}
