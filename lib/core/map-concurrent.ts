/**
 * Works through a list, at most `maxAtOnce` items at a time, until the signal is aborted: what was not begun by then is
 * left out. Rejects as soon as the work on one item does.
 */
export const mapConcurrent = async <Item>(
  items: readonly Item[],
  maxAtOnce: number,
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const item = items[next++] as Item;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, items.length) }, worker));
};
