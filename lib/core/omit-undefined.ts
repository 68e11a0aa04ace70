type Whole<T> = { [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K] };
type Part<T> = { [K in keyof T]?: T[K] | undefined };

/**
 * An object, or what is spread into one, without the members that are undefined: absent and undefined sign, print and compare differently. Its type is
 * the one that its place expects, so that the compiler sees a member by a wrong name.
 */
export function omitUndefined<T extends object>(members: NoInfer<Whole<T>>): T;
export function omitUndefined<T extends object>(members: NoInfer<Part<T>>): Partial<T>;
export function omitUndefined(members: Record<string, unknown>): object {
  const kept: Record<string, unknown> = {};
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name];
  return kept;
}
