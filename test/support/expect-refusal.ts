import { ConfigError } from '../../lib/config/config-error.ts';
import { StsError, type StsErrorCode } from '../../lib/core/errors.ts';

/** Passes on what is thrown by accident. */
const asRefusal = (thrown: unknown): StsError => {
  if (thrown instanceof StsError) return thrown;
  throw thrown;
};

/** The error that refuses an act. Throws if nothing is refused. */
export const expectRefusal = (act: () => unknown): StsError => {
  try {
    act();
  } catch (thrown) {
    return asRefusal(thrown);
  }
  throw new Error('Nothing was refused.');
};

/** The code that refuses an act, or `none` if the act succeeds. */
export const refusalCode = (act: () => unknown): StsErrorCode | 'none' => {
  try {
    act();
    return 'none';
  } catch (thrown) {
    return asRefusal(thrown).code;
  }
};

/** As `refusalCode`, of an act that may take time. */
export const refusalCodeAsync = async (act: () => unknown): Promise<StsErrorCode | 'none'> => {
  try {
    await act();
    return 'none';
  } catch (thrown) {
    return asRefusal(thrown).code;
  }
};

/** What is wrong with the configuration that an act reads. */
export const configFaults = (act: () => unknown): readonly string[] => {
  try {
    act();
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.faults;
    throw thrown;
  }
};
