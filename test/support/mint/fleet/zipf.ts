/**
 * Draws from 0 to `count` - 1, the number k with a probability in proportion to 1 / (k + 1): a few are drawn often, most
 * of them hardly ever (Zipf's law, exponent 1).
 */
export const zipf = (count: number, chance: () => number): (() => number) => {
  const reached = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum += 1 / (index + 1);
    reached[index] = sum;
  }
  return () => {
    const drawn = chance() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((reached[middle] as number) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
};
