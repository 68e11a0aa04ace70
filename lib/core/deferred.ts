/** A promise, and what settles it. */
export interface Deferred<Result> {
  readonly promise: Promise<Result>;
  resolve(result: Result | PromiseLike<Result>): void;
  reject(reason: unknown): void;
}

/** `Promise.withResolvers` does the same, and Node 20 has it not, on which functions run too. */
export const deferred = <Result = void>(): Deferred<Result> => {
  let settle!: Omit<Deferred<Result>, 'promise'>;
  const promise = new Promise<Result>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
};
