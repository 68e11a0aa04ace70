/** Works through a list, so many at a time, until the signal says that it is over; what was not begun is left. */
export const mapConcurrent = async <Item>(
  items: readonly Item[],
  most: number,
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const line = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const item = items[next++] as Item;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, line));
};
