import { StsError, type StsErrorCode } from '../core/errors.ts';
import type { PolicyFault, PolicyReading } from './document.ts';

/** What each kind of fault is called in the house. */
export const policyFaultCodes = {
  syntax: 'MalformedPolicy',
  element: 'InvalidPolicy',
  resource: 'InvalidPolicyResource',
} as const satisfies Record<PolicyFault['fault'], StsErrorCode>;

/** Throws an StsError where a text is no policy of this grammar, or is longer than this many characters. */
export const policyCheck =
  (read: (text: string) => PolicyReading, most: number) =>
  (text: string): void => {
    if (text.length > most) throw new StsError('PolicyTooLarge', `A policy may have ${most} characters here.`);
    const reading = read(text);
    if ('fault' in reading) throw new StsError(policyFaultCodes[reading.fault], reading.why);
  };
