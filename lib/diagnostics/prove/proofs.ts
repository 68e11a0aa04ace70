import type { WrittenConfig } from '../../config/schema.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { IssuerGrammar } from '../../grants/prove/issuers/grammar.ts';
import { grammarOf } from '../../grants/prove/issuers/grammar-of.ts';
import type { Product } from '../../grants/prove/product.ts';
import { claimAxis, type Languages, member } from './axes.ts';
import type { ProveDeps, WrittenCaller } from './configured.ts';
import { anyClaims, certificates, leaseClaims, withoutClaims } from './own-grammars.ts';

/** One way in which the configuration proves a caller. */
export interface ProofRule {
  readonly caller: string;
  readonly kind: 'accessKey' | 'session' | 'jwt' | 'certificate' | 'gateway' | 'lease' | 'readToken' | 'event';
  /** What is shown, so that the same thing in two configurations has the same name. */
  readonly name: string;
  /** Where it is written. */
  readonly path: string;
  readonly grammar: IssuerGrammar;
  /** What its claims must be. */
  readonly claims: Product;
  /** For a rule in `audit` mode: what they must be at the least. */
  readonly leastClaims?: Product;
  /** The dialects in which it can be shown. */
  readonly dialects: readonly string[];
  /** The milliseconds since 1970 from which it is not valid. */
  readonly expiresMs?: number;
  /** Of what a lease asks for itself: its account, operation and role. */
  readonly lease?: {
    readonly name: string;
    readonly account: string;
    readonly operation: string;
    readonly role?: string;
  };
}

export const requestDialects = [
  'json',
  'tencent-v2',
  'tencent-v3',
  'ucloud',
  'ecs',
  'aws',
  'alibaba',
  'volcengine',
  'huawei',
  'oauth',
] as const;

const claimsOf = (claims: Readonly<Record<string, readonly string[]>>, of: Languages): Product => {
  const product = new Map();
  for (const [name, patterns] of Object.entries(claims)) product.set(claimAxis(name), member(of.matching(patterns)));
  return product;
};

const jwtRules = (caller: string, { jwt }: WrittenCaller, { presets }: ProveDeps, of: Languages): ProofRule[] => {
  if (jwt === undefined) return [];
  const preset = jwt.preset === undefined ? undefined : presets[jwt.preset];
  const issuer = jwt.issuer ?? preset?.issuer;
  if (issuer === undefined) return [];
  const least: Product = new Map([
    [claimAxis('iss'), member(of.exactly([issuer]))],
    [claimAxis('aud'), member(of.exactly(jwt.audience))],
  ]);
  return [
    omitUndefined({
      caller,
      kind: 'jwt' as const,
      name: `a token of ${issuer}`,
      path: `callers.${caller}.jwt`,
      grammar: grammarOf(issuer, jwt.preset),
      claims: new Map([...least, ...claimsOf({ ...preset?.claims, ...jwt.claims }, of)]),
      leastClaims: jwt.mode === 'audit' ? least : undefined,
      dialects: requestDialects,
    }),
  ];
};

const keyRules = (caller: string, { accessKey }: WrittenCaller): ProofRule[] =>
  [accessKey ?? []].flat().flatMap(({ id, disabled, expires }) =>
    disabled === true
      ? []
      : omitUndefined({
          caller,
          kind: 'accessKey' as const,
          name: `the access key ${id}`,
          path: `callers.${caller}.accessKey`,
          grammar: withoutClaims,
          claims: new Map(),
          dialects: requestDialects,
          expiresMs: expires === undefined ? undefined : Date.parse(expires),
        }),
  );

const gatewayName = ({ platform, id, account }: { platform: string; id: string; account?: string | undefined }) =>
  `the gateway ${id} of ${platform}${account === undefined ? '' : `, account ${account}`}`;

const platformRules = (caller: string, { certificate, authorizer }: WrittenCaller, of: Languages): ProofRule[] => {
  const rules: ProofRule[] = [];
  if (certificate !== undefined) {
    const { from, spiffe, dns, issuer, subject } = certificate;
    const claims: Product = new Map(
      Object.entries({
        spiffe: spiffe && of.matching(spiffe),
        dns: dns && of.exactly(dns.map((name) => name.toLowerCase())),
        iss: issuer === undefined ? undefined : of.exactly([issuer]),
        subject: subject && of.exactly(subject),
      }).flatMap(([name, language]) => (language === undefined ? [] : [[claimAxis(name), member(language)] as const])),
    );
    rules.push({
      caller,
      kind: 'certificate',
      name: `a client certificate by ${typeof from === 'string' ? from : gatewayName(from.gateway)}`,
      path: `callers.${caller}.certificate`,
      grammar: certificates,
      claims,
      dialects: requestDialects,
    });
  }
  if (authorizer !== undefined) {
    rules.push({
      caller,
      kind: 'gateway',
      name: `the ${authorizer.kind} authorizer of ${gatewayName(authorizer.gateway)}`,
      path: `callers.${caller}.authorizer`,
      grammar: anyClaims,
      claims: claimsOf(authorizer.claims, of),
      dialects: requestDialects,
    });
  }
  return rules;
};

const subject = (name: string, of: Languages): Product => new Map([[claimAxis('sub'), member(of.exactly([name]))]]);

const leaseRules = ({ leases }: WrittenConfig, of: Languages): ProofRule[] =>
  Object.entries(leases).flatMap(([name, lease]): ProofRule[] => {
    const common = { path: `leases.${name}`, grammar: leaseClaims, claims: subject(name, of) };
    const keeper: ProofRule = {
      ...common,
      caller: 'leases',
      kind: 'lease',
      name: `credmint itself, for the lease ${name}`,
      dialects: ['lease'],
      lease: {
        name,
        account: lease.account,
        operation: lease.operation,
        ...(lease.operation === 'AssumeRole' ? { role: lease.role } : {}),
      },
    };
    if (lease.readToken === undefined) return [keeper];
    const reader: ProofRule = {
      ...common,
      caller: 'lease-reader',
      kind: 'readToken',
      name: `the token of the lease ${name}`,
      dialects: requestDialects,
      lease: { name, account: lease.account, operation: 'ReadLease' },
    };
    return [keeper, reader];
  });

/** Every way in which the configuration proves callers, those of its own among them. */
export const proofRules = (written: WrittenConfig, deps: ProveDeps, of: Languages): readonly ProofRule[] => [
  ...Object.entries(written.callers).flatMap(([caller, one]) => [
    ...jwtRules(caller, one, deps, of),
    ...keyRules(caller, one),
    ...platformRules(caller, one, of),
  ]),
  ...Object.entries(written.events?.sources ?? {}).map(
    ([origin, caller]): ProofRule => ({
      caller,
      kind: 'event',
      name: `an event of ${origin}`,
      path: 'events.sources',
      grammar: withoutClaims,
      claims: new Map(),
      dialects: ['event'],
    }),
  ),
  ...leaseRules(written, of),
  ...(written.authority === undefined
    ? []
    : [
        {
          caller: 'session',
          kind: 'session' as const,
          name: 'a session of the built-in authority',
          path: 'authority',
          grammar: withoutClaims,
          claims: new Map(),
          dialects: requestDialects,
        },
      ]),
];
