/** What a process knows of its own use of the machine. */
export interface Usage {
  /** Resident memory, in MiB. */
  readonly resident: number;
  /** The part of it that JavaScript's values take. */
  readonly heap: number;
  /** Processor time so far, in milliseconds. */
  readonly processor: number;
}

export const usage = (): Usage => {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { resident: rss / 2 ** 20, heap: heapUsed / 2 ** 20, processor: (user + system) / 1000 };
};

/** Says that this process is ready, and its usage whenever it is asked; collects garbage first where it may. */
export const reportTo = (parent: NodeJS.Process, ready: object): void => {
  parent.on('message', () => {
    globalThis.gc?.();
    parent.send?.(usage());
  });
  parent.on('disconnect', () => process.exit());
  parent.send?.(ready);
};
