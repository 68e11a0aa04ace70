/** Resolves when the event loop has looked once for what has come. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
