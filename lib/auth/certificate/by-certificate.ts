import { isIPv6 } from 'node:net';
import { StsError } from '../../core/errors.ts';
import { grouped } from '../../core/grouped.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Gateway, RequestContext } from '../../core/platform-identity.ts';
import type { ProofFault } from '../../core/proof-fault.ts';
import { literalIndex, type Requirement } from '../../grants/literal-index.ts';
import { exactly, type Pattern } from '../../grants/pattern.ts';
import type { CertificateRule, PlatformRules, TrustedProxies } from '../gateway/rules.ts';
import { subjectOf } from '../subject.ts';
import { forwardedCertificate } from './forwarded.ts';
import { type ClientCertificate, readCertificate } from './read-certificate.ts';

/** A certificate whose key its holder has proven in a handshake. */
interface Shown {
  readonly pem: string | undefined;
  readonly from: 'tls' | 'proxy' | Gateway;
  readonly trusted: boolean;
}

/** Whether a gateway is the one that the configuration names; if that names no account, in any account. */
export const isGateway = (trusted: Gateway, gateway: Gateway | undefined): boolean =>
  gateway !== undefined &&
  gateway.platform === trusted.platform &&
  gateway.id === trusted.id &&
  (trusted.account === undefined || trusted.account === gateway.account);

/** Rules and certificates with different keys have nothing to do with each other. */
const fromKey = (from: Shown['from']): string =>
  typeof from === 'string' ? from : JSON.stringify([from.platform, from.id]);

const isFrom = (rule: CertificateRule, from: Shown['from']): boolean =>
  typeof rule.from === 'string' || typeof from === 'string' ? rule.from === from : isGateway(rule.from, from);

/** The certificate rules of one place where handshakes are done. */
interface RulesFrom {
  readonly rules: readonly CertificateRule[];
  /** Every rule that a certificate fits, and few others. */
  fitting(certificate: ClientCertificate): readonly CertificateRule[];
}

const names = ['spiffe', 'dns', 'issuer', 'subject'] as const;

const requirementsOf = ({ spiffe, dns, issuer, subjects }: CertificateRule): readonly Requirement[] => {
  const patterns = {
    spiffe,
    dns: dns?.map(exactly),
    issuer: issuer === undefined ? undefined : [exactly(issuer)],
    subject: subjects?.map(exactly),
  };
  return names.flatMap((about) => (patterns[about] === undefined ? [] : [{ about, patterns: patterns[about] }]));
};

const rulesByPlace = (certificates: readonly CertificateRule[]): ReadonlyMap<string, RulesFrom> => {
  const byPlace = grouped(certificates, ({ from }) => fromKey(from));
  return new Map(
    [...byPlace].map(([key, rules]) => {
      const index = literalIndex(rules, requirementsOf);
      const fitting = ({ spiffe, dns, issuer, subject }: ClientCertificate) => {
        const texts = { spiffe: spiffe === undefined ? [] : [spiffe], dns, issuer: [issuer], subject: [subject] };
        return index.candidates((about) => texts[about as keyof typeof texts]);
      };
      return [key, { rules, fitting }];
    }),
  );
};

const isOneOf = (proxies: TrustedProxies, address: string | undefined): boolean =>
  address !== undefined && proxies.addresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** The certificates that were shown in the handshake with this server, with a gateway, or with a proxy in front. */
const shownIn = (
  { headers, sourceIp, platform, ignore }: RequestContext,
  proxies: TrustedProxies | undefined,
  byPlace: ReadonlyMap<string, RulesFrom>,
): Shown[] => {
  const shown: Shown[] = [];
  const { certificate, gateway } = platform ?? {};
  if (certificate !== undefined) {
    const from = certificate.by === 'tls' ? 'tls' : gateway;
    const isKnown = from !== undefined && byPlace.get(fromKey(from))?.rules.some((rule) => isFrom(rule, from)) === true;
    if (isKnown) shown.push({ pem: certificate.pem, from, trusted: certificate.trusted });
    else ignore?.(`a client certificate by ${certificate.by}`);
  }
  const value = proxies === undefined || !Object.hasOwn(headers, proxies.header) ? '' : headers[proxies.header];
  if (proxies !== undefined && value) {
    // Anybody can write a header, so only one that a trusted proxy sent is read.
    if (!isOneOf(proxies, sourceIp)) ignore?.(`the header ${proxies.header}`);
    else shown.push({ pem: forwardedCertificate(value, proxies.format), from: 'proxy', trusted: true });
  }
  return shown;
};

const meets = (patterns: readonly Pattern[], text: string): boolean => patterns.some((matches) => matches(text));

const fits = (rule: CertificateRule, certificate: ClientCertificate): boolean =>
  (rule.spiffe === undefined || (certificate.spiffe !== undefined && meets(rule.spiffe, certificate.spiffe))) &&
  (rule.dns === undefined || rule.dns.some((name) => certificate.dns.includes(name))) &&
  (rule.issuer === undefined || rule.issuer === certificate.issuer) &&
  (rule.subjects === undefined || rule.subjects.includes(certificate.subject));

const refuse = (proofFault: ProofFault): never => {
  throw new StsError('Unauthenticated', 'The client certificate proves no caller.', { proofFault });
};

/**
 * The callers whose rules fit the certificates that were shown; none if none was shown. Throws an StsError if one that was
 * shown is not trusted, cannot be read, is not valid now or fits no caller.
 */
export const byCertificate = ({ certificates, proxies }: PlatformRules) => {
  const byPlace = rulesByPlace(certificates);
  return (requestContext: RequestContext, now: Date) =>
    shownIn(requestContext, proxies, byPlace).flatMap(({ pem, from, trusted }) => {
      if (!trusted) refuse('CertificateUntrusted');
      const certificate = (pem === undefined ? undefined : readCertificate(pem)) ?? refuse('CertificateUnreadable');
      if (now < certificate.from || now > certificate.until) refuse('CertificateOutOfDate');
      const candidates = byPlace.get(fromKey(from))?.fitting(certificate) ?? [];
      const callers = candidates.filter((rule) => isFrom(rule, from) && fits(rule, certificate));
      if (callers.length === 0) refuse('CertificateUnknown');
      const { claims } = certificate;
      const subject = omitUndefined({ subject: subjectOf(claims) });
      return callers.map(({ caller }) => ({ name: caller, proof: 'certificate' as const, claims, ...subject }));
    });
};
