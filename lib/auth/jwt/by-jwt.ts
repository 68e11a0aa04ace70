import { hash } from 'node:crypto';
import type { Caller } from '../../core/caller.ts';
import type { DenialTrace } from '../../core/denial.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { ProofFault } from '../../core/proof-fault.ts';
import type { Secret } from '../../core/secret.ts';
import type { Store } from '../../core/store.ts';
import type { Documents } from '../../core/transport.ts';
import { subjectOf } from '../subject.ts';
import { checkAudience, checkTimes, unmetClaims } from './claims.ts';
import { keyText } from './discovery.ts';
import { keySet } from './key-set.ts';
import { fetchedKeys, type KeySource, keptKeys } from './key-source.ts';
import { readJwt, type UnverifiedJwt } from './read.ts';
import { type JwtAlgorithm, type JwtRule, type KeyLocation, maxSkewSeconds } from './rule.ts';

/** What proving by tokens needs of the world. */
export interface JwtDeps {
  readonly documents: Documents;
  /** Where it is remembered which tokens were used. */
  readonly store: Store;
  /** Takes the place of the issuers' own keys: to explain what would come of a token if its signature is right. */
  readonly keys?: KeySource;
}

/** Whoever shows a token of an issuer that the configuration trusts (RFC 7519; RFC 8725 for what is refused). */
export const byJwt = (rules: readonly JwtRule[], { documents, store, keys }: JwtDeps) => {
  const sourceOf = keys === undefined ? keySources(documents) : () => keys;
  const trusted = rules.map((rule) => ({ rule, source: sourceOf(rule.keys) }));
  return async (token: Secret, now: Date): Promise<Caller> => {
    const text = token.reveal();
    const jwt = readJwt(text);
    if (jwt === undefined) throw invalid('TokenUnreadable');
    // An extension that must be understood, and that nobody here understands (RFC 7515, 4.1.11).
    if (jwt.header['crit'] !== undefined) throw invalid('TokenCritical');
    const candidates = trusted.filter(({ rule }) => rule.issuer === jwt.payload['iss']);
    if (candidates.length === 0) throw invalid('IssuerUnknown', 'No such issuer is trusted here.');
    const offer: Offer = { text, digest: hash('sha256', text, 'base64url'), jwt, now, checks: new Map() };
    const fits: Fit[] = [];
    for (const { rule, source } of candidates) fits.push(await measure(rule, source, offer));
    const { rule, auditOnlyViolations } = theOne(fits);
    if (rule.once) await claimOnce(jwt, store);
    return omitUndefined({
      name: rule.caller,
      proof: 'jwt' as const,
      claims: jwt.claims,
      subject: subjectOf(jwt.payload),
      auditOnlyViolations,
    });
  };
};

const invalid = (proofFault: ProofFault, message?: string): StsError =>
  new StsError('InvalidIdentityToken', message, { proofFault });

/** One source for each place, so that rules of one issuer share what is known of its keys. */
const keySources = (documents: Documents): ((place: KeyLocation) => KeySource) => {
  const sources = new Map<string, KeySource>();
  return (place) => {
    const name = JSON.stringify(place);
    const source =
      sources.get(name) ??
      (place.kind === 'here' ? keptKeys(keySet(place.jwks)) : fetchedKeys(keyText(place, documents)));
    sources.set(name, source);
    return source;
  };
};

/** A token that is offered, read but not proven. */
interface Offer {
  readonly text: string;
  readonly digest: string;
  readonly jwt: UnverifiedJwt;
  readonly now: Date;
  /** What came of checking the signature by the keys of each source, so that many rules of one issuer check it once. */
  readonly checks: Map<KeySource, Promise<StsError | undefined>>;
}

/** What a rule makes of a token: it is the caller's, or would be but for its claims, or is not. */
interface Fit {
  readonly rule: JwtRule;
  /** How many steps a refused token came; of several refusals the one that came furthest is told. */
  readonly steps: number;
  readonly refusal?: StsError;
  readonly auditOnlyViolations?: DenialTrace;
}

const measure = async (rule: JwtRule, source: KeySource, offer: Offer): Promise<Fit> => {
  const { payload, claims } = offer.jwt;
  const unproven = await verify(rule, source, offer);
  if (unproven !== undefined) return { rule, steps: 0, refusal: unproven };
  const stranger = checkAudience(payload, rule);
  if (stranger !== undefined) return { rule, steps: 1, refusal: stranger };
  const untimely = checkTimes(payload, rule, offer.now);
  if (untimely !== undefined) return { rule, steps: 2, refusal: untimely };
  const unmet = unmetClaims(claims, rule);
  if (unmet.length === 0) return { rule, steps: 4 };
  if (rule.mode === 'audit') return { rule, steps: 4, auditOnlyViolations: unmet };
  return { rule, steps: 3, refusal: unlike(unmet) };
};

const unlike = (trace: DenialTrace): StsError =>
  new StsError('InvalidIdentityToken', "The token's claims are not what its caller must have.", {
    proofFault: 'ClaimMismatch',
    reason: 'ClaimMismatch',
    trace,
  });

/** Why the signature of a token does not count, or nothing where it does. */
const verify = async (rule: JwtRule, source: KeySource, offer: Offer): Promise<StsError | undefined> => {
  const { alg } = offer.jwt.header;
  if (!isPinned(rule, alg)) return invalid('AlgorithmRefused');
  const check = offer.checks.get(source) ?? checkBy(source, alg, offer).then(() => undefined, StsError.from);
  offer.checks.set(source, check);
  return check;
};

const checkBy = async (source: KeySource, alg: JwtAlgorithm, { text, digest, now }: Offer): Promise<void> => {
  const known = await source.current(now);
  try {
    await known.verify(text, digest, alg);
  } catch (thrown) {
    // Keys rotate: one that is not known may be newer than what is.
    if (StsError.from(thrown).detail.proofFault !== 'SigningKeyUnknown') throw thrown;
    const newer = await source.newerThan(known, now);
    if (newer === known) throw thrown;
    await newer.verify(text, digest, alg);
  }
};

const isPinned = (rule: JwtRule, alg: unknown): alg is JwtAlgorithm =>
  (rule.algorithms as readonly unknown[]).includes(alg);

/** The one rule that takes the token. A token that two callers could be proven by proves neither. */
const theOne = (fits: readonly Fit[]): Fit => {
  const taken = fits.filter(({ refusal }) => refusal === undefined);
  const whole = taken.filter(({ auditOnlyViolations }) => auditOnlyViolations === undefined);
  const [first, ...others] = whole.length > 0 ? whole : taken;
  if (first === undefined) {
    const [closest] = [...fits].sort((one, other) => other.steps - one.steps);
    throw closest?.refusal ?? new StsError('InvalidIdentityToken');
  }
  if (others.some(({ rule }) => rule.caller !== first.rule.caller)) {
    throw invalid('CallerAmbiguous', 'More than one caller fits the token.');
  }
  return first;
};

/**
 * Takes a token out of use, for as long as anybody would take it: until it has expired by the slowest clock that is
 * believed, and a little longer. A memory shorter than that would let it be used again at its end.
 */
const claimOnce = async ({ payload }: UnverifiedJwt, store: Store): Promise<void> => {
  const { iss, jti, exp } = payload;
  if (typeof jti !== 'string' || jti === '') {
    throw invalid('ClaimMissing', 'The claim jti of the token is not acceptable.');
  }
  const until = new Date((Number(exp) + maxSkewSeconds + 1) * 1000);
  const key = `jti ${hash('sha256', JSON.stringify([iss, jti]), 'base64url')}`;
  if (!(await store.acquire(key, until))) {
    throw new StsError('RequestReplayed', 'The token was already used.', { proofFault: 'TokenReplayed' });
  }
};
