/** What was put in comes out smallest first. */
export interface Heap<Item> {
  readonly size: number;
  peek(): Item | undefined;
  push(item: Item): void;
  pop(): Item | undefined;
}

/** A binary heap: each item is before the two at twice its place. */
export function createHeap<Item>(isBefore: (one: Item, other: Item) => boolean): Heap<Item> {
  const items: Item[] = [];
  const precedes = (one: number, other: number) => isBefore(items[one] as Item, items[other] as Item);
  const swap = (one: number, other: number) => {
    [items[one], items[other]] = [items[other] as Item, items[one] as Item];
  };

  function rise(place: number): void {
    for (let at = place; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!precedes(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      if (left >= items.length) return;
      const smaller = right < items.length && precedes(right, left) ? right : left;
      if (!precedes(smaller, at)) return;
      swap(at, smaller);
      at = smaller;
    }
  }

  return {
    get size() {
      return items.length;
    },
    peek: () => items[0],
    push(item) {
      items.push(item);
      rise(items.length - 1);
    },
    pop() {
      const [first] = items;
      const last = items.pop();
      if (items.length > 0) {
        items[0] = last as Item;
        sink();
      }
      return first;
    },
  };
}
