/** How much an operator is told; each level has those after it, too. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

type Threshold = (typeof logLevels)[number];
export type LogLevel = Exclude<Threshold, 'silent'>;

/** What a line says besides its event. Nothing here can be a `Secret`, a header or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Writes one line for operators: what happened, and fields that tell one such event from another.
 *
 * @example
 * const log: Log = createLog({ level: 'info', form: 'json', write: (line) => process.stderr.write(line), now });
 * log('warn', 'the cloud did not answer', { account: 'prod', cause: 'ECONNREFUSED' });
 */
export interface Log {
  (level: LogLevel, event: string, fields?: LogFields): void;
  /** Whether lines of a level are written, for those whose fields cost something to gather. Absent: all are. */
  readonly enabled?: (level: LogLevel) => boolean;
}

export interface LogSettings {
  readonly level: Threshold;
  /** `words` are for a person at a terminal, `json` for what collects lines. */
  readonly form: 'json' | 'words';
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

/** A log of a level and a form. */
export const createLog = ({ level: least, form, write, now }: LogSettings): Log => {
  const threshold = logLevels.indexOf(least);
  const lineOf = form === 'json' ? jsonLine : wordLine;
  const enabled = (level: LogLevel): boolean => logLevels.indexOf(level) >= threshold;
  const log: Log = (level, event, fields = {}) => {
    if (enabled(level)) write(`${lineOf(now(), level, event, fields)}\n`);
  };
  return Object.assign(log, { enabled });
};

/** Says nothing. */
export const silentLog: Log = Object.assign(() => undefined, { enabled: () => false });

type WriteLine = (time: Date, level: LogLevel, event: string, fields: LogFields) => string;

const jsonLine: WriteLine = (time, level, event, fields) =>
  JSON.stringify({ time: time.toISOString(), level, event, ...fields });

const wordLine: WriteLine = (time, level, event, fields) => {
  const said = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${plain(value)}`],
  );
  return [time.toISOString().slice(11, 23), level.toUpperCase().padEnd(5), event, ...said].join(' ');
};

/** Quoted unless it is one harmless word: what a caller named must not move the cursor or begin a line. */
const plain = (value: string | number | boolean): string => {
  const text = String(value);
  return /^[\w.:/@+,*=-]+$/.test(text) ? text : JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, '?');
};
