import type { Session } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { PolicyGrammar, Statement } from '../core/policy.ts';
import { policyFaultCodes } from '../policies/check.ts';
import { permits } from '../policies/permits.ts';

/** The statements of a session policy, or an StsError that says what its grammar does not allow. */
export const readSessionPolicy = (grammar: PolicyGrammar, text: string): readonly Statement[] => {
  const reading = grammar.read(text);
  if ('fault' in reading) throw new StsError(policyFaultCodes[reading.fault], reading.why);
  return reading.statements;
};

/**
 * Whether a session may do something to what has these names: its role must allow it, and every session policy on the
 * way must too. No policy adds to what came before it.
 */
export const sessionMay = (
  session: Session,
  grammar: PolicyGrammar,
  rolePolicy: readonly Statement[] | undefined,
  action: string,
  names: readonly [string, ...string[]],
): boolean => {
  const policies = session.policies.map((text) => readSessionPolicy(grammar, text));
  return permits(rolePolicy === undefined ? policies : [rolePolicy, ...policies], action, ...names);
};
