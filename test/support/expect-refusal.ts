import { ConfigError } from '../../lib/config/load.ts';
import { StsError, type StsErrorCode } from '../../lib/core/errors.ts';

/** The error that refuses an act. Throws if nothing is refused, and passes on what is no refusal. */
export const expectRefusal = (act: () => unknown): StsError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof StsError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
};

/** The code that refuses an act, or `none` if the act succeeds. */
export const refusalCode = (act: () => unknown): StsErrorCode | 'none' => {
  try {
    act();
    return 'none';
  } catch (thrown) {
    if (thrown instanceof StsError) return thrown.code;
    throw thrown;
  }
};

/** What is wrong with a configuration that `read` reads: no faults if it reads well. */
export const configFaults = (read: () => unknown): readonly string[] => {
  try {
    read();
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.faults;
    throw thrown;
  }
};
