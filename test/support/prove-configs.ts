import fc from 'fast-check';

const audience = 'https://credmint.example';

/** Pieces of patterns and texts that meet each other often. */
const subjects = [
  'repo:acme/site:ref:refs/heads/main',
  'repo:acme/site:**',
  'repo:acme/*:pull_request',
  'repo:acme*/**',
  'repo:*/site:environment:*',
  'repo:acme@1/site@2:**',
  'repo:w*b/*:pull_*',
  'team/*',
  'team/a',
  '*/a',
  '**',
];
const githubClaims = {
  sub: subjects,
  repository: ['acme/site', 'acme/*', '*/site', '**'],
  ref: ['refs/heads/main', 'refs/heads/*', 'refs/tags/**', 'refs/**'],
  event_name: ['push', 'pull_request', 'p*'],
  environment: ['production', 'pro*', '*'],
} as const;
const otherClaims = { sub: subjects, team: ['a', 'b', '*', 'a*'], '/nested/name': ['x', 'x*'] } as const;

const claimsFrom = (pool: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Record<string, string[]>> =>
  fc.dictionary(fc.constantFrom(...Object.keys(pool)), fc.nat(), { maxKeys: 2 }).map((chosen) =>
    Object.fromEntries(
      Object.entries(chosen).map(([name, seed]) => {
        const patterns = pool[name] ?? [];
        const at = seed % patterns.length;
        return [
          name,
          seed % 3 === 0 ? [patterns[at] ?? '', patterns[(at + 1) % patterns.length] ?? ''] : [patterns[at] ?? ''],
        ];
      }),
    ),
  );

const issuer = fc.constantFrom('https://token.actions.githubusercontent.com', 'https://issuer.example');

const caller = issuer.chain((iss) =>
  fc.record({
    jwt: fc.record({
      issuer: fc.constant(iss),
      audience: fc.constant(audience),
      jwks: fc.constant('env:JWKS'),
      claims: claimsFrom(iss.includes('github') ? githubClaims : otherClaims),
      mode: fc.constantFrom('enforce', 'enforce', 'audit'),
    }),
  }),
);

const roles = ['arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/*', 'arn:aws:iam::*:role/a', '**'];

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
const policy = fc.constantFrom(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
  // Filled from a claim, which must be there and harmless.
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b/${claims.sub}/*' } },
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b/${claims.ref}/*' } },
);
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates

const grant = fc.record(
  {
    callers: fc.uniqueArray(fc.constantFrom('one', 'two', 'three'), { minLength: 1, maxLength: 2 }),
    account: fc.constantFrom('prod', 'prod', 'cos'),
    operations: fc.uniqueArray(fc.constantFrom('AssumeRole', 'GetFederationToken'), { minLength: 1 }),
    roles: fc.subarray(roles, { minLength: 1, maxLength: 2 }),
    claims: fc.oneof(claimsFrom(githubClaims), claimsFrom(otherClaims), fc.constant({})),
    sourceIps: optional(fc.subarray(['10.0.0.0/8', '10.1.0.0/16', '192.168.1.1', '2001:db8::/32'], { minLength: 1 })),
    times: optional(
      fc.constantFrom(
        { days: ['Mon', 'Tue'] },
        { daily: { begins: '22:00', ends: '06:00' } },
        { from: '2026-11-27T00:00:00Z', until: '2026-11-27T00:30:00Z', daily: { begins: '00:10', ends: '00:20' } },
      ),
    ),
    dialects: optional(fc.subarray(['json', 'aws', 'tencent-v3'], { minLength: 1 })),
    maxDurationSeconds: optional(fc.constantFrom(600, 1800, 7200)),
    mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'audit'),
    policy: optional(policy),
    references: fc.constant({ 'claims.sub': { allow: '/' }, 'claims.ref': {} }),
    accepts: fc.subarray(['policy', 'tags']),
  },
  { requiredKeys: ['callers', 'account', 'operations', 'roles', 'claims', 'references'] },
);

/** The policy of a grant at Tencent Cloud, in the grammar of its policies. */
const inItsGrammar = (one: { readonly account: string; readonly policy?: object }) =>
  one.account === 'prod' || one.policy === undefined
    ? one
    : { ...one, policy: { version: '2.0', statement: { effect: 'allow', action: 'cos:*', resource: '*' } } };

/** Configurations with callers of two issuers and a few grants. */
export const proveConfigs = fc
  .record({
    one: caller,
    two: caller,
    three: caller,
    grants: fc.array(grant, { minLength: 1, maxLength: 4 }),
  })
  .map(({ grants, ...callers }) => ({
    accounts: {
      prod: { cloud: 'aws', endpoint: 'https://sts.example/', key: { id: 'AKIDPROD', secret: 'env:SECRET' } },
      cos: { cloud: 'tencent-v3', endpoint: 'https://cos.example/', key: { id: 'AKIDCOS', secret: 'env:SECRET' } },
    },
    callers,
    grants: grants.map((one, index) => inItsGrammar(JSON.parse(JSON.stringify({ name: `grant-${index}`, ...one })))),
  }));

const github = fc.record(
  {
    owner: fc.constantFrom('acme', 'acmes', 'web', 'other'),
    repository: fc.constantFrom('site', 'a'),
    isImmutable: fc.boolean(),
    context: fc.constantFrom('main', 'other', 'pull', 'production', 'tag'),
  },
  { noNullPrototype: true },
);

/** Tokens as GitHub writes them, and tokens of another issuer. */
const proveTokens = fc.oneof(
  github.map(({ owner, repository, isImmutable, context }): Record<string, unknown> => {
    const name = isImmutable ? `${owner}@1/${repository}@2` : `${owner}/${repository}`;
    const ref = {
      main: 'refs/heads/main',
      other: 'refs/heads/x',
      pull: 'refs/pull/1/merge',
      production: 'refs/heads/main',
      tag: 'refs/tags/v1',
    }[context];
    const subject =
      context === 'pull' ? 'pull_request' : context === 'production' ? 'environment:production' : `ref:${ref}`;
    return {
      iss: 'https://token.actions.githubusercontent.com',
      aud: audience,
      sub: `repo:${name}:${subject}`,
      repository: `${owner}/${repository}`,
      repository_owner: owner,
      ref,
      event_name: context === 'pull' ? 'pull_request' : 'push',
      ...(context === 'production' ? { environment: 'production' } : {}),
    };
  }),
  fc.record(
    {
      iss: fc.constant('https://issuer.example'),
      aud: fc.constant(audience),
      sub: fc.constantFrom('team/a', 'team/b', 'x/a', 'repo:acme/site:x', 'a'),
      team: fc.constantFrom<string | string[]>('a', 'b', 'ab', ['a', 'b'], ['b', 'c']),
      nested: fc.constantFrom<unknown>({ name: 'x' }, { name: 'xy' }, 'x'),
      ref: fc.constantFrom('refs', 'r'),
    },
    { requiredKeys: ['iss', 'aud', 'sub'], noNullPrototype: true },
  ),
);

export const proveRequests = fc.record(
  {
    claims: proveTokens,
    account: fc.constantFrom('prod', 'cos'),
    operation: fc.constantFrom('AssumeRole', 'GetFederationToken'),
    role: fc.constantFrom('arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/b', 'arn:aws:iam::2:role/a'),
    durationSeconds: fc.constantFrom(900, 1800, 3600, 7200),
    dialect: fc.constantFrom('json', 'aws', 'tencent-v3'),
    sourceIp: fc.constantFrom('10.1.2.3', '10.2.2.3', '8.8.8.8', '2001:db8::1'),
    at: fc.constantFrom('2026-11-26T12:00:00.000Z', '2026-11-27T00:15:00.000Z', '2026-11-30T23:00:00.000Z'),
  },
  { noNullPrototype: true },
);
