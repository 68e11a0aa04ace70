/** The resources that a process uses. */
export interface Usage {
  /** Resident memory, in MiB. */
  readonly resident: number;
  /** The part of it that V8 keeps for JavaScript's values; that of new ones grows to a size of its own choosing. */
  readonly reserved: number;
  /** What those values take of it. */
  readonly heap: number;
  /** Processor time so far, in milliseconds. */
  readonly processor: number;
}

export const usage = (): Usage => {
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const [resident = 0, reserved = 0, heap = 0] = [rss, heapTotal, heapUsed].map((bytes) => bytes / 2 ** 20);
  return { resident, reserved, heap, processor: (user + system) / 1000 };
};

/** Reports that this process is ready, and its usage at each message; collects garbage first if it can. */
export const reportTo = (parent: NodeJS.Process, ready: object): void => {
  parent.on('message', () => {
    globalThis.gc?.();
    parent.send?.(usage());
  });
  parent.on('disconnect', () => process.exit());
  parent.send?.(ready);
};
