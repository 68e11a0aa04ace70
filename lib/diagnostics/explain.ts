import { isIP } from 'node:net';
import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Secret } from '../core/secret.ts';
import { decide, type Rules } from '../grants/authorize.ts';
import type { Question } from '../grants/evaluate.ts';
import { explained } from '../grants/explained.ts';
import { readInstant } from '../wire/instant.ts';

/** What explaining a request needs. */
export interface ExplainDeps {
  readonly rules: Rules;
  /** Proves a token by every rule but its signature, as the server would at that instant; rejects with an StsError. */
  prove(token: Secret, now: Date): Promise<Caller>;
}

/** Who asks: the holder of a token, or a caller by its name, as its key would prove it. */
export type Asker = { readonly token: Secret } | { readonly caller: string };

/** What would happen to a request, and why. */
export interface Explanation {
  /** What would be minted; absent if the request is refused. */
  readonly allowed?: MintRequest;
  /** Sentences, the decision first. */
  readonly lines: readonly string[];
}

export type Asked = Omit<Parameters<typeof decide>[1], 'caller'>;

/**
 * Says what the server would do with a request: it runs the rules of authentication, but for the signature of a token,
 * and then the decision itself.
 */
export const explainRequest = async (asker: Asker, asked: Asked, deps: ExplainDeps): Promise<Explanation> => {
  let caller: Caller;
  try {
    caller = 'token' in asker ? await deps.prove(asker.token, asked.now) : { name: asker.caller, proof: 'accessKey' };
  } catch (thrown) {
    const { code, message, detail } = StsError.from(thrown);
    const why = (detail.trace ?? []).map(({ caller: rule, expected, saw }) => `${rule}: ${expected}; there was ${saw}`);
    return { lines: [`Refused: no caller: ${detail.proofFault ?? code}: ${message}`, ...why] };
  }
  return explainDecision({ ...asked, caller }, deps.rules);
};

const explainDecision = (question: Question & Parameters<typeof decide>[1], rules: Rules): Explanation => {
  const { name, auditOnlyViolations: ownViolations = [] } = question.caller;
  try {
    const { allowed, auditOnlyViolations } = decide(rules, question);
    const { grant, account, operation, durationSeconds } = allowed;
    const policy = 'policy' in allowed && allowed.policy !== undefined ? [`Session policy: ${allowed.policy}`] : [];
    const violations = [...ownViolations, ...(auditOnlyViolations?.trace ?? [])];
    return {
      allowed,
      lines: [
        `Allowed: ${name}, by the grant ${grant}, in the account ${account}, ${operation} for ${durationSeconds} seconds.`,
        ...policy,
        ...violations.map(({ clause }) => `Would be refused but for audit mode: ${clause}`),
      ],
    };
  } catch (thrown) {
    const { code, message, detail } = explained(StsError.from(thrown), 'full');
    return { lines: [`Refused: ${name}: ${detail.reason ?? code}: ${message}`] };
  }
};

/** A word of the command line that is not known. Node's own errors of the command line have codes that begin so too. */
export class UsageError extends Error {
  readonly code = 'ERR_PARSE_ARGS_UNKNOWN_VALUE';
}

/** An instant as the command line gives it. Throws a UsageError if it is none. */
export const instantOf = (text: string): Date => {
  const instant = readInstant(text);
  if (instant === undefined) throw new UsageError('--at must be an instant, 2026-11-22T00:00:00Z.');
  return instant;
};

/** An address as the command line gives it. Throws a UsageError if it is none. */
export const addressOf = (text: string): string => {
  if (isIP(text) === 0) throw new UsageError('--ip must be an address, 192.0.2.1 or 2001:db8::1.');
  return text;
};

/** One of these words. Throws a UsageError that lists them if it is none. */
export const oneOf = <Word extends string>(option: string, text: string, words: readonly Word[]): Word => {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new UsageError(`--${option} must be one of ${words.join(', ')}.`);
  return found;
};
