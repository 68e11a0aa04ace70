import fc from 'fast-check';

/** What a test sends: anything that a client of node:http can be made to send. */
export interface Sending {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const names = [
  ...['Action', 'Version', 'RoleArn', 'RoleUrn', 'RoleSessionName', 'DurationSeconds', 'Policy', 'Name', 'Signature'],
  ...['SecretId', 'SignatureMethod', 'Nonce', 'Timestamp', 'PublicKey', 'Region', 'Token', 'SecurityToken', 'format'],
  ...['Tags.member.1.Key', 'PolicyArns.member.1.arn', 'Tags.0.Key', 'X-Amz-Algorithm', 'X-Amz-Signature'],
  ...['account', 'roleArn', 'roleSessionName', 'durationSeconds', 'policy', 'tags', 'WebIdentityToken', 'UserName'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''],
];
const texts = [
  ...['AssumeRole', 'GetFederationToken', 'GetCallerIdentity', 'AssumeRoleWithWebIdentity', 'GetSessionToken', 'Login'],
  ...['2011-06-15', '2018-08-13', '2018-07-25', 'HmacSHA1', 'HmacSHA256', 'TC3-HMAC-SHA256', 'AWS4-HMAC-SHA256'],
  ...['arn:aws:iam::123456789012:role/demo', 'qcs::cam::uin/1:roleName/demo', 'ucs:iam::1:role/demo', 'me'],
  ...['900', '-1', '1e400', 'NaN', 'Infinity', '99999999999999999999', '0x10', '9007199254740993', '', ' ', '\u0000'],
  ...['aws', 'tencent-v3', 'aws-container', 'dotenv', '%', '%00', '%ff', '%25', '<!DOCTYPE a [<!ENTITY b "c">]>'],
  ...[
    '{"version":"2.0"}',
    '%7B%7D',
    '{'.repeat(50),
    'a\r\nx-injected: yes',
    '\ud800',
    '\u2028',
    'é',
    '日本語',
    '$(id)',
  ],
];
const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.string({ maxLength: 8 }));
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.integer({ min: 1, max: 3000 }).map((length) => 'a'.repeat(length)),
);

const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());
const pairs = fc.array(fc.tuple(name, value), { maxLength: 12 });
/** Escaped well, twice, not at all (but for what no request line can hold), or by half. */
const encoding = fc.constantFrom(
  escaped,
  (text: string) => escaped(escaped(text)),
  (text: string) => text.replace(/[^!-~]/g, '+').replaceAll('#', '%23'),
  (text: string) => escaped(text).slice(0, -1),
);
/** What makes a request one of a dialect, before anything else is known of it. */
const kernels = fc.constantFrom<readonly (readonly [string, string])[]>(
  [
    ['Action', 'AssumeRole'],
    ['PublicKey', 'x'],
  ],
  [
    ['Action', 'AssumeRole'],
    ['PublicKey', 'x'],
    ['RoleUrn', 'ucs:iam::1:role/demo'],
    ['RoleSessionName', 'me'],
  ],
  [
    ['Action', 'AssumeRole'],
    ['Version', '2011-06-15'],
  ],
  [
    ['Action', 'AssumeRole'],
    ['Version', '2015-04-01'],
    ['AccessKeyId', 'x'],
    ['SignatureMethod', 'HMAC-SHA1'],
  ],
  [
    ['Action', 'AssumeRole'],
    ['Version', '2018-01-01'],
  ],
  [
    ['Action', 'GetFederationToken'],
    ['Version', '2018-08-13'],
    ['SecretId', 'x'],
    ['SignatureMethod', 'HmacSHA256'],
  ],
);
const query = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(kernels, pairs, encoding)
      .map(([kernel, list, encode]) =>
        [...kernel.map((pair) => pair.map(escaped)), ...list.map((pair) => pair.map(encode))]
          .map((pair) => pair.join('='))
          .join('&'),
      ),
  },
  fc
    .integer({ min: 90, max: 300 })
    .map((count) => Array.from({ length: count }, (_, index) => `a${index}=b`).join('&')),
  fc.constantFrom(
    '',
    '&&&',
    '===',
    '=&=',
    '%',
    'a=%ff&b',
    'Action=AssumeRole&Action=GetCallerIdentity',
    `a=${'b'.repeat(9000)}`,
  ),
);

const paths = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        '/',
        '/assumeRole',
        '/getFederationToken',
        '/getCallerIdentity',
        '/v2/index.php',
        '/sts',
        '/iam',
        '/login',
        '/token',
      ],
      ...[
        '/logout',
        '/user/whoami',
        '/mgmt/sts',
        '/v5/agencies/assume',
        '/v5/caller-identity',
        '/health',
        '//',
        '/%2e%2e/',
        '/assumeRole/../login',
        '/__proto__',
      ],
    ),
  },
  fc.string({ maxLength: 20 }).map((text) => `/${escaped(text)}`),
);

const json = fc.oneof(
  pairs.map((list) => `{${list.map(([one, other]) => `${JSON.stringify(one)}:${JSON.stringify(other)}`).join()}}`),
  fc.json({ maxDepth: 5 }),
  fc.constantFrom(
    ...[
      '{',
      '[]',
      'null',
      '42',
      '"text"',
      '{"a":1,"a":2}',
      '{"__proto__":{"polluted":true}}',
      '{"durationSeconds":1e400}',
    ],
    ...[
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
      `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
      '\ufeff{}',
      '{"a":"\\ud800"}',
    ],
  ),
);
const multipart = pairs.map(
  (list) =>
    `${list.map(([one, other]) => `--x\r\ncontent-disposition: form-data; name="${one}"\r\n\r\n${other}\r\n`).join('')}--x--\r\n`,
);
const xml = fc.constantFrom(
  '<a/>',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  `${'<a>'.repeat(500)}`,
);
const body = fc.oneof(
  { weight: 4, arbitrary: json.map((text) => Buffer.from(text)) },
  { weight: 4, arbitrary: query.map((text) => Buffer.from(text)) },
  multipart.map((text) => Buffer.from(text)),
  xml.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(65_536, 65_537, 100_000).map((length) => Buffer.alloc(length, 'a')),
  fc.constant(new Uint8Array()),
);

const types = fc.constantFrom(
  ...['application/json', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded', 'text/xml'],
  ...['multipart/form-data; boundary=x', 'multipart/form-data', 'APPLICATION/JSON', ';', 'a/b;c="', '*/*'],
);
const authorizations = (proofs: readonly string[]) =>
  fc.constantFrom(
    ...proofs,
    ...['Bearer', 'Bearer a.b.c', 'Basic', 'Basic !!!', 'Basic YQ==', 'Basic YTpi', 'Digest a', 'AWS4-HMAC-SHA256'],
    'AWS4-HMAC-SHA256 Credential=a/20260101/b/sts/aws4_request, SignedHeaders=host, Signature=0',
    `AWS4-HMAC-SHA256 Credential=a/20260101/b/sts/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    `AWS4-HMAC-SHA256 Credential=a/20260101/b/sts/aws4_request, SignedHeaders=host;__proto__, Signature=${'0'.repeat(64)}`,
    `TC3-HMAC-SHA256 Credential=a/2026-01-01/sts/tc3_request, SignedHeaders=content-type;host, Signature=${'0'.repeat(64)}`,
    'TC3-HMAC-SHA256 Credential=/, SignedHeaders=, Signature=',
    `ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;x-acs-date,Signature=${'0'.repeat(64)}`,
    'ACS3-RSA-SHA256 Credential=a',
    `HMAC-SHA256 Credential=a/20260101/b/sts/request, SignedHeaders=x-date, Signature=${'0'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=a, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    `V11-HMAC-SHA256 Credential=a/20260101/b/sts, SignedHeaders=host;__proto__, Signature=${'0'.repeat(64)}`,
  );
/** As much of a text as a header may hold. */
const headerText = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
const others = fc.dictionary(
  fc.constantFrom(
    ...[
      'x-tc-action',
      'x-acs-action',
      'x-acs-version',
      'x-acs-date',
      'x-acs-signature-nonce',
      'x-date',
      'x-sdk-date',
      'x-tc-version',
      'x-tc-timestamp',
      'x-tc-token',
      'x-tc-region',
      'x-amz-date',
      'x-amz-security-token',
    ],
    ...[
      'x-amz-content-sha256',
      'x-sds-auth-token',
      'accept',
      'x-forwarded-for',
      'cookie',
      'content-encoding',
      '__proto__',
    ],
  ),
  value.map(headerText),
  { maxKeys: 4, noNullPrototype: true },
);

/** What is somebody's dialect by its path, parameters and type, and goes wrong only further in. */
const aligned = (proofs: readonly string[]): fc.Arbitrary<Sending> =>
  fc
    .record({
      kernel: kernels,
      list: pairs,
      encode: encoding,
      form: fc.boolean(),
      proof: fc.constantFrom(...proofs),
      path: fc.constantFrom('/', '/', '/sts', '/v2/index.php', '/assumeRole', '/getFederationToken', '/token'),
    })
    .map(({ kernel, list, encode, form, proof, path }) => {
      const authorization = { authorization: proof };
      if (/^\/(assume|get)/.test(path)) {
        const body = Buffer.from(JSON.stringify(Object.fromEntries(list)));
        return {
          method: 'POST',
          target: path,
          headers: { ...authorization, 'content-type': 'application/json' },
          body,
        };
      }
      const text = [...kernel.map((pair) => pair.map(escaped)), ...list.map((pair) => pair.map(encode))]
        .map((pair) => pair.join('='))
        .join('&');
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      if (form) return { method: 'POST', target: path, headers: type, body: Buffer.from(text) };
      return { method: 'GET', target: `${path}?${text}`, headers: {}, body: new Uint8Array() };
    });

/** Anything at all, with one of these among what it may offer as proof. */
export const anything = (proofs: readonly string[]): fc.Arbitrary<Sending> =>
  fc.oneof(aligned(proofs), { weight: 2, arbitrary: chaos(proofs) });

const chaos = (proofs: readonly string[]): fc.Arbitrary<Sending> =>
  fc
    .record({
      method: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom('GET', 'POST') },
        fc.constantFrom('HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'M-SEARCH'),
      ),
      path: paths,
      query,
      type: fc.option(types, { nil: undefined }),
      authorization: fc.option(authorizations(proofs), { nil: undefined }),
      others,
      body,
    })
    .map(({ method, path, query: asked, type, authorization, others: more, body: sent }) => ({
      method,
      target: asked === '' ? path : `${path}?${asked}`,
      headers: {
        ...more,
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: sent,
    }));
