import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEntry } from '../../lib/audit/entry.ts';
import { certificateFormats, forwardedCertificate } from '../../lib/auth/certificate/forwarded.ts';
import { readCertificate } from '../../lib/auth/certificate/read-certificate.ts';
import { readJwt } from '../../lib/auth/jwt/read.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { StsError } from '../../lib/core/errors.ts';
import { readMintEvent } from '../../lib/events/cloud-event.ts';
import { readEnvelope } from '../../lib/events/envelopes.ts';
import { redactTokens } from '../../lib/events/redact-tokens.ts';
import { compileTemplate } from '../../lib/grants/template.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { open } from '../../lib/stores/seal/seal.ts';
import { readExactJson } from '../../lib/wire/exact-json.ts';
import { readInstant } from '../../lib/wire/instant.ts';
import { readJson } from '../../lib/wire/json.ts';
import { readMultipart } from '../../lib/wire/multipart.ts';
import { readQuery } from '../../lib/wire/query.ts';
import { readXml } from '../../lib/wire/xml.ts';
import { material } from '../support/authority.ts';
import { certify } from '../support/certificates.ts';
import { newKey, tokenOf } from '../support/token-issuer.ts';
import { bounds, unhurried } from './bounds.ts';

const ring = keyring(material('a'));
const event = {
  specversion: '1.0',
  id: '1',
  source: '/x',
  type: 'credmint.mint.requested',
  data: { operation: 'AssumeRole', roleArn: 'arn', roleSessionName: 'me', recipient: 'me', tags: { a: 'b' } },
};
const sqs = { Records: [{ eventSource: 'aws:sqs', eventSourceARN: 'a', messageId: '1', body: JSON.stringify(event) }] };
const pem = certify({ subject: 'CN=x', uris: ['spiffe://a/b'] }).pem;
const xml = '<?xml version="1.0"?><a x="1"><b>t &amp; &#x41;</b><c/><![CDATA[d]]><!-- e --></a>';
const json = '{"a":[1,2.5e3,"x\\u0041",null,true],"b":{"c":{}}}';
const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n';
const reading = (read: (value: unknown) => unknown) => (text: string) => read(readJson(text));

const grammars = [...new Set(clouds.map(({ naming }) => naming.grammar))];
/** Each of them, one after the other, also after one that has refused. */
const each = (parsers: readonly ((text: string) => unknown)[]) => (text: string) => {
  for (const parse of parsers) refuseOrReturn(parse, text);
};

const refuseOrReturn = (parse: (text: string) => unknown, text: string): void => {
  try {
    parse(text);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(StsError);
    expect((thrown as StsError).code).not.toBe('Internal');
  }
};

/** Each parser, and texts that it reads. */
const parsers: Readonly<Record<string, readonly [(text: string) => unknown, ...string[]]>> = {
  JSON: [readJson, json],
  'exact JSON': [readExactJson, json],
  XML: [readXml, xml],
  'a query': [readQuery, 'a=b&c=%20&d=%E4%B8%AD&a=+'],
  'an instant': [readInstant, '2026-11-22T12:00:00Z', '2026-11-22T12:00:00.123+08:00'],
  'multipart form data': [(text) => readMultipart('multipart/form-data; boundary=x', text), part],
  'the type of a form': [(text) => readMultipart(text, part), 'multipart/form-data; boundary="x"'],
  'a JWT': [readJwt, tokenOf(newKey('ES256'))],
  'a certificate': [readCertificate, pem],
  ...Object.fromEntries(
    Object.keys(certificateFormats).map((format) => [
      `a certificate forwarded by ${format}`,
      [
        (text: string) => forwardedCertificate(text, format as keyof typeof certificateFormats),
        `By=a;Cert="${encodeURIComponent(pem)}"`,
        encodeURIComponent(pem),
      ] as const,
    ]),
  ),
  'a mint request': [readMintEvent, JSON.stringify(event)],
  'an event document': [reading(readEnvelope), JSON.stringify(sqs)],
  'a dead letter': [redactTokens, JSON.stringify(event), JSON.stringify(sqs)],
  'a dead letter of JSON': [reading(redactTokens), JSON.stringify(event), JSON.stringify(sqs)],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of a grant
  'a template': [(text) => compileTemplate(text, new Map([['claims.a', '']])), 'a${claims.a}b'],
  'a sealed value': [(text) => open(ring, 'login', text), 'A'.repeat(80)],
  'a line of the audit log': [(text) => readEntry(Buffer.from(text)), '{"audit.chain.hash":"a","b":1}'],
  'a policy': [each(grammars.map(({ read }) => read)), ...grammars.map(({ example }) => JSON.stringify(example))],
  'a reply of a cloud': [
    each(
      clouds.map(
        ({ provider }) =>
          (body) =>
            provider.normalize({ status: 200, headers: {}, body }, 'AssumeRole'),
      ),
    ),
    xml,
    '{"Response":{"Credentials":{"Token":"a","TmpSecretId":"b","TmpSecretKey":"c"},"ExpiredTime":1}}',
    '{"RetCode":0,"Credentials":{"AccessKeyId":"a","Expiration":"1"},"code":0,"data":{}}',
  ],
};

/** Pieces that mean something to one parser or another. */
const pieces = fc.oneof(
  fc.constantFrom(
    '<',
    '>',
    '&',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '%',
    '=',
    ';',
    '\\',
    '\r\n',
    '--',
    '${',
    '.',
    '/',
    '*',
    '\0',
  ),
  fc.constantFrom(
    '<![CDATA[',
    ']]>',
    '&#x110000;',
    '<!DOCTYPE a>',
    '%FF',
    '\\ud800',
    '1e999',
    '-0',
    '__proto__',
    'null',
    'NaN',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc
    .tuple(fc.constantFrom('[', '{"a":', '<a>', '*', '-', '(', '9', '%25'), fc.integer({ min: 1, max: 200 }))
    .map(([one, times]) => one.repeat(times)),
);
/** A text that is changed in some places, or none of it. */
const mutated = (seeds: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('', ...seeds), fc.array(fc.tuple(fc.nat(1000), fc.nat(8), pieces), { maxLength: 4 }))
    .map(([seed, changes]) =>
      changes.reduce((text, [at, length, piece]) => {
        const from = text.length === 0 ? 0 : at % (text.length + 1);
        return text.slice(0, from) + piece + text.slice(from + length);
      }, seed),
    );

describe.each(Object.entries(parsers))('the parser of %s', (_name, [parse, ...seeds]) => {
  it('returns or refuses, whatever it is given', unhurried, () => {
    fc.assert(
      fc.property(mutated(seeds), (text) => refuseOrReturn(parse, text)),
      bounds,
    );
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });
});
