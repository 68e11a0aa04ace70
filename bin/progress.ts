/** Until something has taken so long, nothing is said of it. */
const quietMs = 1_000;
/** The line is written anew at most this often. */
const intervalMs = 200;

const erase = '\r\u001b[2K';

/** Where progress is shown, if it is a terminal. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** One line on a terminal that says how far something is. */
export interface Progress {
  /** Says how far it is. The text is made only if it is shown. */
  at(text: () => string): void;
  /** Takes the line away, for what is written next. */
  end(): void;
}

/**
 * Shows how far something is that takes longer than a second; nothing if the output is no terminal.
 *
 * @example
 * const progress = progressOn(process.stderr);
 * for (const [index, file] of files.entries()) {
 *   progress.at(() => `${index} of ${files.length} files`);
 *   work(file);
 * }
 * progress.end();
 */
export const progressOn = (output: ProgressOutput, monotonicMs = () => performance.now()): Progress => {
  let nextAt = monotonicMs() + quietMs;
  let isShown = false;
  return {
    at: (text) => {
      if (output.isTTY !== true || monotonicMs() < nextAt) return;
      nextAt = monotonicMs() + intervalMs;
      isShown = true;
      output.write(`${erase}${text()}`);
    },
    end: () => {
      if (isShown) output.write(erase);
      isShown = false;
    },
  };
};

/** How much of a whole is done, in percent, with what it is. */
export const shareText = (what: string, done: number, total: number): string =>
  `${what}: ${total === 0 ? 100 : Math.floor((100 * done) / total)} %`;

/** Shows for how long something goes on that says nothing itself. */
export const whileWaiting = async <Result>(
  output: ProgressOutput,
  what: string,
  act: () => Promise<Result>,
): Promise<Result> => {
  if (output.isTTY !== true) return act();
  const began = performance.now();
  const progress = progressOn(output);
  const timer = setInterval(
    () => progress.at(() => `${what} (${Math.round((performance.now() - began) / 1000)} s)`),
    intervalMs,
  );
  try {
    return await act();
  } finally {
    clearInterval(timer);
    progress.end();
  }
};
