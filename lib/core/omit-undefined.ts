/** The type of an object once its undefined members are gone. */
export type OmitUndefined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** An object without the members that are undefined: absent and undefined sign, print and compare differently. */
export const omitUndefined = <T extends object>(members: T): OmitUndefined<T> => {
  const kept: Record<string, unknown> = {};
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name];
  return kept as OmitUndefined<T>;
};
