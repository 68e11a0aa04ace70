import { carried } from '../core/carried.ts';
import { StsError, type StsErrorCode } from '../core/errors.ts';
import type { PolicyFault, PolicyGrammar } from '../core/policy.ts';

/** The error code of each kind of fault. */
export const policyFaultCodes = {
  syntax: 'MalformedPolicy',
  element: 'InvalidPolicy',
  resource: 'InvalidPolicyResource',
} as const satisfies Record<PolicyFault['fault'], StsErrorCode>;

/** Throws an StsError if a text is not a policy of this grammar, or is longer than this many characters. */
export const policyCheck =
  (grammar: PolicyGrammar, maxCharacters: number) =>
  (text: string): void => {
    if (text.length > maxCharacters) {
      throw new StsError('PolicyTooLarge', `A policy may have ${maxCharacters} characters here.`);
    }
    const reading = carried(grammar, 'the grammar of a policy').read(text);
    if ('fault' in reading) throw new StsError(policyFaultCodes[reading.fault], reading.why);
  };
