/** A text that counts how often its characters are read, so that a test can bound the steps of a matcher. */
export const countedText = (text: string): { readonly text: string; readonly reads: () => number } => {
  let reads = 0;
  const counted = new Proxy(Object(text) as object, {
    get: (target, key) => {
      if (key === 'charAt')
        return (index: number) => {
          reads++;
          return text.charAt(index);
        };
      if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { text: counted as unknown as string, reads: () => reads };
};
