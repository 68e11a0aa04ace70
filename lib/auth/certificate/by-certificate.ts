import { isIPv6 } from 'node:net';
import { StsError } from '../../core/errors.ts';
import { grouped } from '../../core/grouped.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Gateway, RequestContext } from '../../core/platform-identity.ts';
import type { ProofFault } from '../../core/proof-fault.ts';
import { literalIndex, type Requirement } from '../../grants/literal-index.ts';
import { exactly } from '../../grants/pattern.ts';
import { memberText } from '../../wire/json.ts';
import { gatewayKey, isInAccount } from '../gateway/gateway-key.ts';
import type { CertificateRule, PlatformRules, TrustedProxies } from '../gateway/rules.ts';
import { subjectOf } from '../subject.ts';
import { forwardedCertificate } from './forwarded.ts';
import { type ClientCertificate, readCertificate } from './read-certificate.ts';

/** Where a handshake was done, by a key that no two places share; of a gateway also the account, if it is known. */
interface Place extends Pick<Gateway, 'account'> {
  readonly key: string;
}

const placeOf = (from: CertificateRule['from']): Place =>
  typeof from === 'string' ? { key: from } : omitUndefined({ key: gatewayKey(from), account: from.account });

/** A certificate whose key its holder has proven in a handshake. */
interface Shown {
  readonly pem: string | undefined;
  readonly place: Place;
  readonly trusted: boolean;
}

/** What a certificate must be like to prove a caller. */
interface Rule {
  readonly caller: string;
  readonly place: Place;
  readonly requirements: readonly Requirement[];
}

const ruleOf = ({ caller, from, spiffe, dns, issuer, subjects }: CertificateRule): Rule => {
  const patterns = {
    spiffe,
    dns: dns?.map(exactly),
    issuer: issuer === undefined ? undefined : [exactly(issuer)],
    subject: subjects?.map(exactly),
  };
  const required = Object.entries(patterns).flatMap(([about, some]) => (some ? [{ about, patterns: some }] : []));
  return { caller, place: placeOf(from), requirements: required };
};

/** The rules of one place. */
interface RulesAt {
  /** Whether handshakes there prove anybody. */
  isTrusted(place: Place): boolean;
  /** Those that a certificate fits. */
  fitting(certificate: ClientCertificate, place: Place): readonly Rule[];
}

const rulesAt = (rules: readonly Rule[]): RulesAt => {
  const index = literalIndex(rules, ({ requirements }) => requirements);
  return {
    isTrusted: (place) => rules.some((rule) => isInAccount(rule.place, place)),
    fitting: ({ spiffe, dns, issuer, subject }, place) => {
      const texts = { spiffe: spiffe === undefined ? [] : [spiffe], dns, issuer: [issuer], subject: [subject] };
      const textsAbout = (about: string): readonly string[] => texts[about as keyof typeof texts];
      const isMet = ({ about, patterns }: Requirement) =>
        textsAbout(about).some((text) => patterns.some((matches) => matches(text)));
      return index
        .candidates(textsAbout)
        .filter((rule) => isInAccount(rule.place, place) && rule.requirements.every(isMet));
    },
  };
};

const isOneOf = (proxies: TrustedProxies, address: string | undefined): boolean =>
  address !== undefined && proxies.addresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** The certificates that were shown in the handshake with this server, with a gateway, or with a proxy in front. */
const shownIn = (
  { headers, sourceIp, platform, ignore }: RequestContext,
  proxies: TrustedProxies | undefined,
  byPlace: ReadonlyMap<string, RulesAt>,
): Shown[] => {
  const shown: Shown[] = [];
  const { certificate, gateway } = platform ?? {};
  if (certificate !== undefined) {
    const from = certificate.by === 'tls' ? 'tls' : gateway;
    const place = from && placeOf(from);
    if (place && byPlace.get(place.key)?.isTrusted(place)) shown.push({ ...certificate, place });
    else ignore(`a client certificate by ${certificate.by}`);
  }
  const value = proxies && memberText(headers, proxies.header);
  if (proxies && value) {
    // Anybody can write a header, so only one that a trusted proxy sent is read.
    if (!isOneOf(proxies, sourceIp)) ignore(`the header ${proxies.header}`);
    else shown.push({ pem: forwardedCertificate(value, proxies.format), place: placeOf('proxy'), trusted: true });
  }
  return shown;
};

const refuse = (proofFault: ProofFault): never => {
  throw new StsError('Unauthenticated', 'The client certificate proves no caller.', { proofFault });
};

/**
 * The callers whose rules fit the certificates that were shown; none if none was shown. Throws an StsError if one that was
 * shown is not trusted, cannot be read, is not valid now or fits no caller.
 */
export const byCertificate = ({ certificates, proxies }: PlatformRules) => {
  const grouping = grouped(certificates.map(ruleOf), ({ place }) => place.key);
  const byPlace = new Map([...grouping].map(([key, rules]) => [key, rulesAt(rules)]));
  return (requestContext: RequestContext, now: Date) =>
    shownIn(requestContext, proxies, byPlace).flatMap(({ pem, place, trusted }) => {
      if (!trusted) refuse('CertificateUntrusted');
      const certificate = (pem === undefined ? undefined : readCertificate(pem)) ?? refuse('CertificateUnreadable');
      // Said so that an impossible date, which no instant is before or after, is refused too.
      if (!(certificate.from <= now && now <= certificate.until)) refuse('CertificateOutOfDate');
      const found = byPlace.get(place.key)?.fitting(certificate, place) ?? [];
      if (found.length === 0) refuse('CertificateUnknown');
      const { claims } = certificate;
      const subject = omitUndefined({ subject: subjectOf(claims) });
      return found.map(({ caller }) => ({ name: caller, proof: 'certificate' as const, claims, ...subject }));
    });
};
