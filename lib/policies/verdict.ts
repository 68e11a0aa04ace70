import type { Statement } from '../core/policy.ts';
import { coversRequest } from './permits.ts';

/** What a policy says of an action on a resource. Statements are counted from 1. */
export type Verdict =
  | { readonly kind: 'allowed'; readonly statement: number }
  | { readonly kind: 'denied'; readonly statement: number }
  | { readonly kind: 'not mentioned' }
  /** The conditions of this statement decide. */
  | { readonly kind: 'unknown'; readonly statement: number };

/** Evaluates a policy. What its conditions ask about is not known here. */
export const verdictOf = (statements: readonly Statement[], action: string, resource: string): Verdict => {
  const fitting = statements
    .map((statement, index) => ({ ...statement, number: index + 1 }))
    .filter((statement) => coversRequest(statement, action, [resource]));
  const first = (effect: Statement['effect'], conditional: boolean) =>
    fitting.find((one) => one.effect === effect && one.conditional === conditional)?.number;
  const denied = first('deny', false);
  if (denied !== undefined) return { kind: 'denied', statement: denied };
  const [allowed, perhapsAllowed] = [first('allow', false), first('allow', true)];
  const conditional = allowed === undefined ? perhapsAllowed : first('deny', true);
  if (conditional !== undefined) return { kind: 'unknown', statement: conditional };
  return allowed === undefined ? { kind: 'not mentioned' } : { kind: 'allowed', statement: allowed };
};
