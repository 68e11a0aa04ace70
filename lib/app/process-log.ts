import { StsError } from '../core/errors.ts';
import { createLog, type Log, logLevels } from '../telemetry/log.ts';
import { boundedWriter } from './bounded-writer.ts';

/**
 * The log of this process, on standard error: in words at a terminal, else a JSON object a line. `LOG_LEVEL` says how
 * much. Throws an StsError that names the levels.
 */
export const processLog = (usual: 'info' | 'warn'): Log => {
  const asked = process.env['LOG_LEVEL'] || usual;
  const level = logLevels.find((one) => one === asked);
  if (level === undefined) throw new StsError('Misconfigured', `LOG_LEVEL must be ${logLevels.join(', ')}.`);
  const log: Log = createLog({
    level,
    form: process.stderr.isTTY === true ? 'words' : 'json',
    write: boundedWriter(process.stderr, (count) =>
      log('warn', 'lines of the log were dropped, as nobody read standard error', { count }),
    ),
    now: () => new Date(),
  });
  return log;
};
