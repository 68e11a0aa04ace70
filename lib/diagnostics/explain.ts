import { isIP } from 'node:net';
import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../core/requests.ts';
import type { Secret } from '../core/secret.ts';
import { decide, type Rules } from '../grants/authorize.ts';
import { decideToken } from '../grants/authorize-token.ts';
import type { Question } from '../grants/evaluate.ts';
import { explained } from '../grants/explained.ts';
import { readInstant } from '../wire/instant.ts';
import type { Rehearse } from './rehearse.ts';

/** What explaining a request needs. */
export interface ExplainDeps {
  readonly rules: Rules;
  /** Proves a token by every rule but its signature, as the server would at that instant; rejects with an StsError. */
  prove(token: Secret, now: Date): Promise<Caller>;
  readonly rehearse: Rehearse;
}

/** Who asks: the holder of a token, or a caller by its name, as its key would prove it. */
export type Asker = { readonly token: Secret } | { readonly caller: string };

/** What would happen to a request, and why. */
export interface Explanation {
  readonly isAllowed: boolean;
  /** What would be minted; absent if the request is refused, or is for a token. */
  readonly allowed?: MintRequest;
  /** Sentences, the decision first. */
  readonly lines: readonly string[];
}

export type Asked = Omit<Question<TokenRequest<MintOperation | 'IssueToken'>>, 'caller'>;

/**
 * Says what the server would do with a request: it runs the rules of authentication, but for the signature of a token,
 * then the decision itself, and what is done with it short of asking a cloud.
 */
export const explainRequest = async (asker: Asker, asked: Asked, deps: ExplainDeps): Promise<Explanation> => {
  let caller: Caller;
  try {
    caller = 'token' in asker ? await deps.prove(asker.token, asked.now) : callerNamed(asker.caller, asked);
  } catch (thrown) {
    const { code, message, detail } = StsError.from(thrown);
    const why = (detail.trace ?? []).map(({ caller: rule, expected, saw }) => `${rule}: ${expected}; there was ${saw}`);
    return { isAllowed: false, lines: [`Refused: no caller: ${detail.proofFault ?? code}: ${message}`, ...why] };
  }
  return explainDecision({ ...asked, caller }, deps);
};

/** A caller by its name: of `session`, the holder of one that no policy narrows. */
const callerNamed = (name: string, { now, dialect }: Asked): Caller => {
  if (name !== 'session') return { name, proof: 'accessKey' };
  const times = { issuedAt: now, expiration: new Date(now.getTime() + 3_600_000) };
  const session = {
    kind: 'role',
    accessKeyId: '',
    caller: name,
    dialect,
    name: 'any',
    policies: [],
    ...times,
  } as const;
  return { name, proof: 'session', session };
};

const isForToken = (
  question: Question<TokenRequest<MintOperation | 'IssueToken'>>,
): question is Question<TokenRequest<'IssueToken'>> => question.request.operation === 'IssueToken';

/** What is allowed, whatever it is, or an StsError. */
const decided = (rules: Rules, question: Question<TokenRequest<MintOperation | 'IssueToken'>>) => {
  if (isForToken(question)) {
    const { allowed, account, auditOnlyViolations } = decideToken(rules, question, undefined);
    const what = `IssueToken for ${allowed.durationSeconds} seconds`;
    return { account, what, grant: allowed.grant, more: [`Subject: ${allowed.subject}`], auditOnlyViolations };
  }
  const { allowed, account, auditOnlyViolations } = decide(rules, question as Question<TokenRequest<MintOperation>>);
  const more = 'policy' in allowed && allowed.policy !== undefined ? [`Session policy: ${allowed.policy}`] : [];
  const what = `${allowed.operation} for ${allowed.durationSeconds} seconds`;
  return { account, what, grant: allowed.grant, more, auditOnlyViolations, allowed };
};

const explainDecision = (
  question: Question<TokenRequest<MintOperation | 'IssueToken'>>,
  { rules, rehearse }: ExplainDeps,
): Explanation => {
  const { name, auditOnlyViolations: ownViolations = [] } = question.caller;
  try {
    const { account, what, grant, more, auditOnlyViolations, allowed } = decided(rules, question);
    // Of a session nothing is known here but that it is one.
    if (allowed !== undefined && name !== 'session') rehearse(allowed, account, question.now);
    const violations = [...ownViolations, ...(auditOnlyViolations?.trace ?? [])];
    return {
      isAllowed: true,
      ...(allowed === undefined ? {} : { allowed }),
      lines: [
        `Allowed: ${name}, by the grant ${grant}, in the account ${account.name}, ${what}.`,
        ...more,
        ...violations.map(({ clause }) => `Would be refused but for audit mode: ${clause}`),
        ...(name === 'session' ? ['The policies of the session and of its role decide too.'] : []),
      ],
    };
  } catch (thrown) {
    const { code, message, detail } = explained(StsError.from(thrown), 'full');
    return { isAllowed: false, lines: [`Refused: ${name}: ${detail.reason ?? code}: ${message}`] };
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
  if (found === undefined) {
    throw new UsageError(
      words.length === 0 ? `There is no ${option} to name.` : `--${option} must be one of ${words.join(', ')}.`,
    );
  }
  return found;
};
