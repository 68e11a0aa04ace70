import * as v from 'valibot';
import { certificateFormats } from '../../../auth/certificate/forwarded.ts';
import type { AuthorizerRule, CertificateRule, TrustedProxies } from '../../../auth/gateway/rules.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import { claimRule } from '../../../grants/claims.ts';
import { compilePattern } from '../../../grants/pattern.ts';
import { addressList } from '../../../transport/addresses.ts';
import { cidr, described, text, texts } from '../../values.ts';
import { claims } from './jwt.ts';

const gateway = described(
  'The gateway that is trusted to say who its callers are.',
  v.strictObject({
    platform: described('The cloud of the gateway.', v.optional(v.picklist(['aws', 'tencent']), 'aws')),
    id: described("The id of the API, of the function URL, or of the gateway's service.", text),
    account: described('The cloud account of the gateway; absent is any.', v.optional(text)),
  }),
);

/** Client certificates that a caller is proven by. */
export const certificate = v.pipe(
  v.strictObject({
    from: described(
      'Who did the TLS handshake with the holder: `tls` is this server, `proxy` a proxy of `proxies`, or one gateway.',
      v.union([v.picklist(['tls', 'proxy']), v.strictObject({ gateway })]),
    ),
    spiffe: described('SPIFFE IDs, exact or patterns with * and **.', v.optional(texts)),
    dns: described('Host names, of which the certificate must have one.', v.optional(texts)),
    issuer: described('The distinguished name of the issuer, as `C=DE, O=Acme, CN=authority`.', v.optional(text)),
    subject: described('Distinguished names of the subject, as `C=DE, O=Acme, CN=job`.', v.optional(texts)),
  }),
  v.check(
    ({ spiffe, dns, subject }) => (spiffe ?? dns ?? subject) !== undefined,
    'must have a spiffe, a dns or a subject',
  ),
  // A distinguished name means nothing unless it is known who gave it.
  v.check(
    ({ subject, issuer }) => subject === undefined || issuer !== undefined,
    'must have an issuer for its subject',
  ),
);

/** What the authorizer of a gateway must say for a caller to be proven by it. */
export const authorizer = v.strictObject({
  gateway,
  kind: described('The kind of the authorizer.', v.picklist(['jwt', 'iam', 'lambda', 'key'])),
  claims,
});

/** Proxies in front of the server that forward the client certificates they have verified. */
export const proxies = v.strictObject({
  addresses: described('Addresses and ranges of the proxies.', v.pipe(v.array(cidr), v.minLength(1))),
  header: described(
    'The header that has the certificate.',
    v.optional(v.pipe(text, v.toLowerCase()), 'x-forwarded-client-cert'),
  ),
  format: described(
    'How the header is written.',
    v.optional(v.picklist(Object.keys(certificateFormats) as (keyof typeof certificateFormats)[]), 'envoy'),
  ),
});

export const certificateRuleOf = (caller: string, written: v.InferOutput<typeof certificate>): CertificateRule => {
  const { from, spiffe, dns, issuer, subject } = written;
  return omitUndefined({
    caller,
    from: typeof from === 'string' ? from : omitUndefined(from.gateway),
    spiffe: spiffe?.map(compilePattern),
    dns: dns?.map((name) => name.toLowerCase()),
    issuer,
    subjects: subject,
  });
};

export const authorizerRuleOf = (
  caller: string,
  { gateway, kind, claims }: v.InferOutput<typeof authorizer>,
): AuthorizerRule => ({
  caller,
  gateway: omitUndefined(gateway),
  kind,
  claims: Object.entries(claims).map(([name, list]) => claimRule(name, list)),
});

export const proxiesOf = (written: v.InferOutput<typeof proxies>): TrustedProxies => ({
  ...written,
  addresses: addressList(written.addresses),
});
