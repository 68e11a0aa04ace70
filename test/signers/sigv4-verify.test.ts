import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { canonicalRequest, emptyHash, signature, signingKey, stringToSign } from '../../lib/signers/sigv4.ts';
import { offersSigv4, readSigv4, verifySigv4 } from '../../lib/signers/sigv4-verify.ts';
import { writeQuery } from '../../lib/wire/query.ts';

const base: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.amazonaws.com',
  path: '/',
  query: '',
  headers: { 'x-amz-date': '20240115T083045Z' },
  body: '',
};
const good = `AWS4-HMAC-SHA256 Credential=AKIA/20240115/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
const withHeader = (authorization: string, date = '20240115T083045Z'): HttpRequest => ({
  ...base,
  headers: { 'x-amz-date': date, authorization },
});

describe('a signature in the headers', () => {
  it('is told from what is none', () => {
    expect(readSigv4(withHeader(good))).toMatchObject({ accessKeyId: 'AKIA', presigned: false });
    expect(offersSigv4(withHeader(good))).toBe(true);
    expect(offersSigv4(withHeader('Bearer x'))).toBe(false);
    expect(offersSigv4(base)).toBe(false);
  });

  it.each([
    ['another algorithm', good.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'), /must be AWS4-HMAC-SHA256/],
    ['no Credential', good.replace('Credential=', 'Credentials='), /no Credential/],
    ['no SignedHeaders', good.replace(/SignedHeaders=[^,]*, /, ''), /no SignedHeaders/],
    ['no Signature', good.replace(/, Signature=.*/, ''), /no Signature/],
    ['two Credentials', good.replace('Credential=', 'Credential=AKIB, Credential='), /a part twice/],
    ['no access key id', good.replace('AKIA', ''), /Credential must be written/],
    ['a scope too short', good.replace('/sts', ''), /Credential must be written/],
    ['a scope too long', good.replace('/sts', '/sts/sts'), /Credential must be written/],
    ['another end of the scope', good.replace('aws4_request', 'aws5_request'), /Credential must be written/],
    ['a scope of another day', good.replace('20240115', '20240116'), /the day of the X-Amz-Date/],
    ['no host among the signed headers', good.replace('host;', ''), /must have host/],
    ['a signature that is not hexadecimal', good.replace(/0{64}/, 'g'.repeat(64)), /64 hexadecimal digits/],
    ['a signature too long', `${good}0`, /64 hexadecimal digits/],
    ['nothing', 'AWS4-HMAC-SHA256', /no Credential/],
  ])('is refused with %s, by what is wrong', (_, header, words) => {
    expect(readSigv4(withHeader(header))).toEqual({ fault: expect.stringMatching(words) });
  });

  it('is read with all that it says, and nothing else', () => {
    const read = {
      accessKeyId: 'AKIA',
      scope: { date: '20240115', region: 'us-east-1', service: 'sts' },
      signedHeaders: ['host', 'x-amz-date'],
      signature: '0'.repeat(64),
      time: '20240115T083045Z',
      signedAt: new Date('2024-01-15T08:30:45Z'),
      presigned: false,
    };
    expect(readSigv4(withHeader(good))).toStrictEqual(read);
    const headers = { ...withHeader(good).headers, 'x-amz-security-token': 'TOKEN' };
    expect(readSigv4({ ...base, headers })).toStrictEqual({ ...read, sessionToken: 'TOKEN' });
    // Of region and service each may be empty (Dell ECS).
    const empty = readSigv4(withHeader(good.replace('us-east-1/sts', '/')));
    expect(empty).toStrictEqual({ ...read, scope: { date: '20240115', region: '', service: '' } });
    // What is no part of it is passed over.
    for (const more of [', Other=1', ', x', ', =x', ','])
      expect(readSigv4(withHeader(good + more))).toStrictEqual(read);
  });

  it.each([
    ['no Credential', good.replace('Credential=', 'Credentials='), 'The Authorization has no Credential.'],
    ['no SignedHeaders', good.replace(/SignedHeaders=[^,]*, /, ''), 'The Authorization has no SignedHeaders.'],
    ['no Signature', good.replace(/, Signature=.*/, ''), 'The Authorization has no Signature.'],
    ['a part twice', `${good}, Signature=${'0'.repeat(64)}`, 'The Authorization has a part twice.'],
    ['another algorithm', good.replace('HMAC', 'ECDSA'), 'The Authorization must be AWS4-HMAC-SHA256.'],
    [
      'something before its Credential',
      good.replace('AKIA/', 'x/AKIA/'),
      'The Credential must be written KEY/YYYYMMDD/REGION/SERVICE/aws4_request.',
    ],
    [
      'something behind its Credential',
      good.replace('aws4_request', 'aws4_request/x'),
      'The Credential must be written KEY/YYYYMMDD/REGION/SERVICE/aws4_request.',
    ],
    [
      'a digit before its signature',
      good.replace('Signature=', 'Signature=0'),
      'The Signature must have 64 hexadecimal digits.',
    ],
  ])('says what is wrong with %s', (_, header, fault) => {
    expect(readSigv4(withHeader(header))).toEqual({ fault });
  });

  it('is not read beside a query that cannot be read or has one too, and is beside any other', () => {
    const one = { fault: 'The request must have one signature, in its Authorization or in its query.' };
    for (const query of ['a=%ff', 'X-Amz-Signature=x', '%58-Amz-Signature=x', 'a=1&X-Amz-Signature']) {
      expect(readSigv4({ ...withHeader(good), query })).toEqual(one);
    }
    expect(readSigv4({ ...withHeader(good), query: 'x=X-Amz-Signature' })).toMatchObject({ accessKeyId: 'AKIA' });
  });

  it.each(['', '20240115', '2024-01-15T08:30:45Z', '20241315T083045Z', '20240115T083045Z '])(
    'is not dated %j',
    (date) => {
      expect(readSigv4(withHeader(good, date))).toEqual({ fault: expect.stringContaining('X-Amz-Date') });
    },
  );

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html: Date, if X-Amz-Date is absent.
  it.each(['Mon, 15 Jan 2024 08:30:45 GMT', '20240115T083045Z'])('may be dated by Date, as %s', (date) => {
    const secret = new Secret('fakeSecretAccessKeyForTestsOnly000000001');
    const scope = { date: '20240115', region: 'us-east-1', service: 'sts' };
    const request = { ...base, headers: { date } };
    const canonical = canonicalRequest(request, ['date', 'host'], emptyHash);
    const made = signature(signingKey(secret, scope), stringToSign('20240115T083045Z', scope, canonical));
    const authorization = good.replace('host;x-amz-date', 'date;host').replace('0'.repeat(64), made);
    const signed = { ...request, headers: { date, authorization } };
    const read = readSigv4(signed);
    expect(read).toMatchObject({ signedAt: new Date('2024-01-15T08:30:45Z') });
    expect('fault' in read || verifySigv4(signed, read, secret)).toBe(true);
    expect(readSigv4({ ...signed, headers: { authorization } })).toEqual({ fault: 'The request has no X-Amz-Date.' });
    expect(readSigv4({ ...signed, headers: { date: 'Mon, 15 Jam 2024 08:30:45 GMT', authorization } })).toEqual({
      fault: 'The request has no X-Amz-Date.',
    });
    for (const other of ['x, Mon, 15 Jan 2024 08:30:45 GMT', 'Mon, 15 Jan 2024 08:30:45 GMT+1', 'Mon, 15 Jan 2024']) {
      expect(readSigv4({ ...signed, headers: { date: other, authorization } })).toEqual({
        fault: 'The X-Amz-Date must be written YYYYMMDDTHHMMSSZ.',
      });
    }
  });
});

describe('a signature in the query', () => {
  const presigned = (change: Readonly<Record<string, string | undefined>>): HttpRequest => ({
    ...base,
    method: 'GET',
    query: writeQuery(
      Object.entries({
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': 'AKIA/20240115/us-east-1/sts/aws4_request',
        'X-Amz-Date': '20240115T083045Z',
        'X-Amz-Expires': '60',
        'X-Amz-SignedHeaders': 'host',
        'X-Amz-Signature': '0'.repeat(64),
        ...change,
      }).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
  });

  it('may leave out how long it is valid, which only S3 demands', () => {
    expect(readSigv4(presigned({}))).toMatchObject({ presigned: true, expiresSeconds: 60 });
    const read = readSigv4(presigned({ 'X-Amz-Expires': undefined }));
    expect(read).toMatchObject({ accessKeyId: 'AKIA', presigned: true });
    expect(read).not.toHaveProperty('expiresSeconds');
  });

  it.each([
    ['X-Amz-Algorithm', 'none', /X-Amz-Algorithm must be/],
    ['X-Amz-Credential', '', /Credential must be/],
    ['X-Amz-Date', '20240116T083045Z', /the day of the X-Amz-Date/],
    ['X-Amz-Expires', '604801', /X-Amz-Expires must be 1 to 604800/],
    ['X-Amz-Expires', '0', /X-Amz-Expires must be/],
    ['X-Amz-Expires', '-1', /X-Amz-Expires must be/],
    ['X-Amz-Expires', '1e3', /X-Amz-Expires must be/],
    ['X-Amz-Expires', '', /X-Amz-Expires must be/],
    ['X-Amz-SignedHeaders', 'x-other', /must have host/],
    ['X-Amz-Signature', 'short', /64 hexadecimal digits/],
    ['X-Amz-Credential', undefined, /no X-Amz-Credential/],
    ['X-Amz-Date', undefined, /no X-Amz-Date/],
    ['X-Amz-SignedHeaders', undefined, /no X-Amz-SignedHeaders/],
    ['X-Amz-Signature', undefined, /no X-Amz-Signature/],
  ])('is refused with %s=%s, by what is wrong', (parameter, value, words) => {
    expect(readSigv4(presigned({ [parameter]: value }))).toEqual({ fault: expect.stringMatching(words) });
  });

  it('is read with all that it says, and nothing else', () => {
    const read = {
      accessKeyId: 'AKIA',
      scope: { date: '20240115', region: 'us-east-1', service: 'sts' },
      signedHeaders: ['host'],
      signature: '0'.repeat(64),
      time: '20240115T083045Z',
      signedAt: new Date('2024-01-15T08:30:45Z'),
      presigned: true,
    };
    expect(readSigv4(presigned({}))).toStrictEqual({ ...read, expiresSeconds: 60 });
    expect(readSigv4(presigned({ 'X-Amz-Expires': undefined, 'X-Amz-Security-Token': 'TOKEN' }))).toStrictEqual({
      ...read,
      sessionToken: 'TOKEN',
    });
    for (const seconds of [1, 604_800]) {
      expect(readSigv4(presigned({ 'X-Amz-Expires': `${seconds}` }))).toMatchObject({ expiresSeconds: seconds });
    }
    // Whatever else is proven in the headers.
    const bearer = { ...presigned({}), headers: { authorization: 'Bearer x' } };
    expect(readSigv4(bearer)).toStrictEqual({ ...read, expiresSeconds: 60 });
  });

  it.each([
    ['Credential', 'The query has no X-Amz-Credential.'],
    ['SignedHeaders', 'The query has no X-Amz-SignedHeaders.'],
    ['Signature', 'The query has no X-Amz-Signature.'],
    ['Date', 'The request has no X-Amz-Date.'],
    ['Algorithm', 'The X-Amz-Algorithm must be AWS4-HMAC-SHA256.'],
  ])('says that it has no %s', (name, fault) => {
    expect(readSigv4(presigned({ [`X-Amz-${name}`]: undefined }))).toEqual({ fault });
  });

  it('says that the query cannot be read', () => {
    const { query } = presigned({});
    expect(readSigv4({ ...base, query: `${query}&a=%ff` })).toEqual({ fault: 'The query cannot be read.' });
  });

  it('covers no body, whatever the request says of one', () => {
    const secret = new Secret('secret');
    const signed = readSigv4(presigned({}));
    if ('fault' in signed) throw new Error(signed.fault);
    const canonical = canonicalRequest(presigned({}), signed.signedHeaders, emptyHash);
    const made = signature(signingKey(secret, signed.scope), stringToSign(signed.time, signed.scope, canonical));
    const request = { ...presigned({}), headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'anything' };
    expect(verifySigv4(request, { ...signed, signature: made }, secret)).toBe(true);
    expect(verifySigv4({ ...request, path: '/x' }, { ...signed, signature: made }, secret)).toBe(false);
  });

  it('is refused beside one in the headers', () => {
    const both = { ...presigned({}), headers: withHeader(good).headers };
    expect(readSigv4(both)).toEqual({ fault: expect.stringContaining('one signature') });
  });
});

describe('what offers a signature', () => {
  it('may be any text at all, which never throws and is never quoted', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, (authorization, date, query) => {
        const planted = (one: string) => `${one}PLANTED${one}`;
        const headers = { authorization: `AWS4-${planted(authorization)}`, 'x-amz-date': planted(date) };
        expect(readSigv4({ ...base, query: planted(query), headers })).toEqual({
          fault: expect.not.stringContaining('PLANTED'),
        });
      }),
    );
  });
});
