import { hash } from 'node:crypto';
import { createLRU } from 'lru.min';
import type { Caller } from '../../core/caller.ts';
import type { DenialTrace } from '../../core/denial.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { ProofFault } from '../../core/proof-fault.ts';
import type { Secret } from '../../core/secret.ts';
import { sessionClaim } from '../../core/session-act.ts';
import type { Store } from '../../core/store.ts';
import { storeAnswer } from '../../core/store-answer.ts';
import { subjectOf } from '../subject.ts';
import { checkAudience, checkTimes, meetsAll, unmetClaims } from './claims.ts';
import type { KeySource } from './key-source.ts';
import type { KeySources } from './key-sources.ts';
import { readJwt, type UnverifiedJwt } from './read.ts';
import { isEdDsa, type JwtAlgorithm, type JwtRule, maxSkewSeconds } from './rule.ts';
import { tokenFaultOf } from './token-fault.ts';
import { type TrustedIssuer, type TrustedRule, trustedIssuers } from './trusted-issuers.ts';

/** What tokens are verified with. */
export interface JwtDeps {
  readonly keySources: KeySources;
  /** Remembers which tokens were used. */
  readonly store: Store;
  /** By which the age of fetched keys is measured; absent: the time at which a token is judged. */
  readonly monotonicMs?: () => number;
}

/** A token says some 3 KiB. */
const maxReadBefore = 1_000;

/** Proves the caller that shows a token of an issuer that the configuration trusts (RFC 7519, RFC 8725). */
export const byJwt = (rules: readonly JwtRule[], { keySources, store, monotonicMs }: JwtDeps) => {
  const issuers = trustedIssuers(rules, keySources);
  // What a token says, by its whole text, and nothing that is decided by it: each time it is judged anew.
  const readBefore = createLRU<string, UnverifiedJwt>({ max: maxReadBefore });
  return async (token: Secret, now: Date): Promise<Caller> => {
    const text = token.reveal();
    const digest = hash('sha256', text);
    const jwt = readBefore.get(digest) ?? readJwt(text);
    if (jwt === undefined) throw invalid('TokenUnreadable');
    const fault = tokenFaultOf(jwt);
    if (fault !== undefined) throw invalid(fault);
    const issuer = issuers.get(jwt.payload['iss']);
    if (issuer === undefined) throw invalid('IssuerUnknown', 'The issuer of the token is not trusted.');
    const offer: Offer = { text, digest, jwt, now, atMs: monotonicMs?.() ?? now.getTime(), checks: new Map() };
    const { rule, auditOnlyViolations } = await judge(issuer, offer);
    if (rule.own && jwt.payload[sessionClaim] !== undefined) throw invalid('TokenOfSession');
    // Only of a token that proves somebody, so that nobody else can have anything remembered.
    readBefore.set(digest, jwt);
    const giveBackProof = rule.once ? await useOnce(jwt, rule.caller, store) : undefined;
    return omitUndefined({
      name: rule.caller,
      proof: 'jwt' as const,
      claims: jwt.claims,
      subject: subjectOf(jwt.payload),
      byOwnIssuer: rule.own,
      auditOnlyViolations: auditOnlyViolations?.(),
      giveBackProof,
    });
  };
};

const invalid = (proofFault: ProofFault, message?: string): StsError =>
  new StsError('InvalidIdentityToken', message, { proofFault });

/** A token that is offered, read but not proven. */
interface Offer {
  readonly text: string;
  readonly digest: string;
  readonly jwt: UnverifiedJwt;
  readonly now: Date;
  /** The same moment, by the clock that measures how old keys are. */
  readonly atMs: number;
  /** Why the signature is not valid by the keys of each source, so that many rules of one issuer verify once. */
  readonly checks: Map<KeySource, StsError | undefined>;
}

/** A token is the caller's, though perhaps not by its claims. */
interface Accepted {
  readonly rule: JwtRule;
  readonly auditOnlyViolations?: () => DenialTrace;
}

interface Refused {
  /** How many steps the token passed; of several refusals, the one after most steps is reported. */
  readonly steps: number;
  /** Made for the one that is reported, since anybody can have many rules refuse a token. */
  readonly refusal: () => StsError;
}

/** How a rule judges a token. */
type Verdict = Accepted | Refused;

const isAccepted = (verdict: Verdict): verdict is Accepted => 'rule' in verdict;

/** The rule that proves the caller. All of the issuer's are tried only if none of those that the token fits does. */
const judge = async ({ rules, fitting }: TrustedIssuer, offer: Offer): Promise<Accepted> => {
  const met = (await evaluateAll(fitting(offer.jwt), offer))
    .filter(isAccepted)
    .filter(({ auditOnlyViolations }) => auditOnlyViolations === undefined);
  return single(met.length > 0 ? met : await evaluateAll(rules, offer));
};

const evaluateAll = async (trusted: readonly TrustedRule[], offer: Offer): Promise<readonly Verdict[]> => {
  const { alg } = offer.jwt.header;
  const verdicts: Verdict[] = [];
  for (const { rule, source } of trusted) {
    if (!isPinned(rule, alg)) {
      verdicts.push({ steps: 0, refusal: () => invalid('AlgorithmRefused') });
      continue;
    }
    if (!offer.checks.has(source)) offer.checks.set(source, await failureOf(checkBy(source, alg, offer)));
    verdicts.push(evaluate(rule, offer.checks.get(source), offer));
  }
  return verdicts;
};

const failureOf = (check: Promise<void>): Promise<StsError | undefined> => check.then(() => undefined, StsError.from);

const evaluate = (rule: JwtRule, unproven: StsError | undefined, { jwt, now }: Offer): Verdict => {
  const { payload, claims } = jwt;
  if (unproven !== undefined) return { steps: 0, refusal: () => unproven };
  const wrongAudience = checkAudience(payload, rule);
  if (wrongAudience !== undefined) return { steps: 1, refusal: wrongAudience };
  const wrongTime = checkTimes(payload, rule, now);
  if (wrongTime !== undefined) return { steps: 2, refusal: wrongTime };
  if (meetsAll(claims, rule)) return { rule };
  if (rule.mode === 'audit') return { rule, auditOnlyViolations: () => unmetClaims(claims, rule) };
  return { steps: 3, refusal: () => claimMismatch(unmetClaims(claims, rule)) };
};

const claimMismatch = (trace: DenialTrace): StsError =>
  new StsError('InvalidIdentityToken', "The token's claims are not what the caller must have.", {
    proofFault: 'ClaimMismatch',
    reason: 'ClaimMismatch',
    trace,
  });

const checkBy = async (source: KeySource, alg: JwtAlgorithm, { text, digest, atMs }: Offer): Promise<void> => {
  const known = await source.current(atMs);
  try {
    await known.verify(text, digest, alg);
  } catch (thrown) {
    // Keys rotate: an unknown key may be newer than the known ones.
    if (StsError.from(thrown).detail.proofFault !== 'SigningKeyUnknown') throw thrown;
    const newer = await source.newerThan(known, atMs);
    await newer.verify(text, digest, alg);
  }
};

const isPinned = (rule: JwtRule, alg: unknown): alg is JwtAlgorithm =>
  (rule.algorithms as readonly unknown[]).includes(alg) || (isEdDsa(alg) && rule.algorithms.some(isEdDsa));

/** The one rule that accepts the token. A token that fits two callers proves neither. */
const single = (verdicts: readonly Verdict[]): Accepted => {
  const [first, ...others] = verdicts.filter(isAccepted);
  if (first === undefined) {
    const refused = verdicts.flatMap((verdict) => (isAccepted(verdict) ? [] : [verdict]));
    throw refused.reduce((closest, one) => (one.steps > closest.steps ? one : closest)).refusal();
  }
  if (others.some(({ rule }) => rule.caller !== first.rule.caller)) {
    throw invalid('CallerAmbiguous', 'The token fits more than one caller.');
  }
  return first;
};

/**
 * Remembers that a token was used, for as long as any rule would accept it: until it has expired by the slowest clock
 * that is allowed, and a little longer. A shorter memory would let it be used again just before it expires. Resolves to
 * what makes it forget.
 */
const useOnce = async ({ payload }: UnverifiedJwt, caller: string, store: Store): Promise<() => Promise<void>> => {
  const { iss, jti, exp } = payload;
  if (typeof jti !== 'string' || jti === '') {
    throw invalid('ClaimMissing', 'The claim jti of the token is not acceptable.');
  }
  const until = new Date((Number(exp) + maxSkewSeconds + 1) * 1000);
  const key = `jti ${hash('sha256', JSON.stringify([iss, jti]), 'base64url')}`;
  const isFirst = await storeAnswer(
    store.acquire(key, until, caller),
    'Whether the token was used cannot be told now.',
  );
  if (!isFirst) {
    throw new StsError('RequestReplayed', 'The token was already used.', { proofFault: 'TokenReplayed' });
  }
  return () => store.release(key);
};
