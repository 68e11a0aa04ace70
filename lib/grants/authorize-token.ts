import type { Caller } from '../core/caller.ts';
import { nameOfWho } from '../core/caller-behind.ts';
import type { Account } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { TokenRequest } from '../core/requests.ts';
import { actClaim } from './act-claim.ts';
import { type AuditOnlyViolations, accountOf, decideDuration, grantFor, type Rules } from './authorize.ts';
import { claimsUsed } from './claims-used.ts';
import type { Question } from './evaluate.ts';
import { refuse } from './refuse.ts';
import { refuseUnaccepted } from './refuse-unaccepted.ts';
import { chainClaim, chainedRange, heedSession } from './session-gate.ts';
import { type Filling, fill } from './template.ts';
import { fillDocument } from './template-document.ts';

/** How long a token may be valid, in seconds; without a wish, as long as AWS's GetWebIdentityToken gives. */
export const tokenSeconds = { min: 60, default: 300, max: 3600 };

declare const granted: unique symbol;

/** A token that was allowed. Only `decideToken` makes one. */
export interface AllowedToken {
  readonly subject: string;
  readonly audiences: readonly string[];
  /** Claims besides those that the issuer says itself. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly durationSeconds: number;
  readonly algorithm?: TokenRequest<'IssueToken'>['algorithm'];
  readonly grant: string;
  /** The texts of the claims that the grant looked at, by name. */
  readonly claimsUsed?: Readonly<Record<string, readonly string[]>>;
  readonly [granted]: true;
}

/** The decision for a token that is allowed. */
export interface TokenDecision {
  readonly allowed: AllowedToken;
  readonly account: Account;
  readonly auditOnlyViolations?: AuditOnlyViolations;
}

/** Who acts for whom (RFC 8693, 4.1): the actor, and those that acted before. */
const actorClaim = (caller: Caller, actor: Caller | undefined): Readonly<Record<string, unknown>> => {
  const before = actClaim(caller.claims?.['act']);
  const earlier = before === undefined ? {} : { act: before };
  if (actor === undefined) return earlier;
  const { sub = actor.name, iss } = actor.claims ?? {};
  return { act: { sub, ...(iss === undefined ? {} : { iss }), ...earlier } };
};

const tagsClaim = ({ tags }: TokenRequest<'IssueToken'>): Readonly<Record<string, unknown>> =>
  tags === undefined ? {} : { request_tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) };

/** Decides on a token of our own issuer: default deny. `actor` is proven already. */
export const decideToken = (
  rules: Rules,
  question: Question<TokenRequest<'IssueToken'>>,
  actor: Caller | undefined,
): TokenDecision => {
  const { caller, request } = question;
  const { grant, auditOnlyViolations } = grantFor(rules, question);
  const account = accountOf(rules, grant);
  if (account.cloud !== 'issuer') throw new StsError('UnsupportedOperation', 'The account issues no tokens.');
  heedSession(rules.sessionMay, caller, request);
  refuseUnaccepted(grant, request);
  if (actor !== undefined && grant.token?.actors.has(actor.name) !== true) refuse(grant, 'actor', 'ActorNotGranted');
  if (actor?.byOwnIssuer === true && !grant.ownTokens) refuse(grant, 'ownTokens', 'OwnTokenNotGranted');
  const filling: Filling = { caller };
  const { subject, claims } = grant.token ?? {};
  const allowed = {
    subject: subject === undefined ? nameOfWho(caller) : fill(subject, grant.references, filling),
    audiences: request.audiences,
    claims: {
      ...(claims === undefined ? {} : JSON.parse(fillDocument(claims, grant.references, filling))),
      ...tagsClaim(request),
      ...actorClaim(caller, actor),
      ...chainClaim(caller),
    },
    durationSeconds: decideDuration(grant, chainedRange(caller, tokenSeconds), request),
    grant: grant.name,
    ...omitUndefined({ claimsUsed: claimsUsed(grant, caller) }),
    ...(request.algorithm === undefined ? {} : { algorithm: request.algorithm }),
  } as unknown as AllowedToken;
  return { allowed, account, ...omitUndefined({ auditOnlyViolations }) };
};
