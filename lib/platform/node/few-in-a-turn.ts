/** Resolves when work may begin; undefined if it may begin at once. */
export type Begin = () => Promise<void> | undefined;

/**
 * Begins work in the order in which it comes, no more than so much in one turn of the event loop. Node accepts one
 * connection in a turn: if each turn answered all who ask, a client that connects would wait for as many turns as there
 * are others in front of it, each as long as all answers together.
 *
 * @example
 * const begin = fewInATurn(4);
 * await begin();
 */
export const fewInATurn = (most: number): Begin => {
  const waiting: (() => void)[] = [];
  let begun = 0;
  let isCounting = false;
  const nextTurn = (): void => {
    const next = waiting.splice(0, most);
    begun = next.length;
    isCounting = begun > 0;
    if (isCounting) setImmediate(nextTurn);
    for (const begin of next) begin();
  };
  return () => {
    if (!isCounting) {
      isCounting = true;
      begun = 0;
      setImmediate(nextTurn);
    }
    if (begun < most && waiting.length === 0) {
      begun++;
      return undefined;
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
};
