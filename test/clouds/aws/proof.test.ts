import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/sigv4.ts';
import { presign } from '../../../lib/signers/sigv4-presign.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import { assume, bare, context, dialect, get, how, key, parse, post, webIdentity } from '../../support/clouds/aws.ts';
import { refusalCode } from '../../support/expect-refusal.ts';
import { vectorsOf } from '../../support/vectors.ts';

describe('the proof of a request to AWS', () => {
  it('is a signature in its headers', () => {
    const { proof } = parse(sign(post(assume), { ...key, token: new Secret('TOKEN') }, how));
    expect(proof).toMatchObject({ kind: 'signature', scheme: 'sigv4', accessKeyId: key.id });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(proof.kind === 'signature' && proof.sessionToken?.reveal()).toBe('TOKEN');
  });

  it('is a presigned URL, which signs no body and so may have none', () => {
    const presigned = presign(get({ Action: 'GetCallerIdentity' }), key, { ...how, expiresSeconds: 60 });
    const { request, proof } = parse(presigned);
    expect(request).toEqual({ operation: 'GetCallerIdentity' });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(refusalCode(() => parse({ ...presigned, method: 'PUT' }))).toBe('MethodNotAllowed');
    const posted = { ...presigned, method: 'POST', body: 'Policy=x', headers: bare.headers };
    expect(refusalCode(() => parse(posted))).toBe('InvalidRequest');
  });

  it('is the identity token of AssumeRoleWithWebIdentity, and no signature beside it', () => {
    const { proof } = parse(sign(post(webIdentity), key, how));
    expect(proof.kind === 'jwt' && proof.token.reveal()).toBe('eyJ.eyJ.sig');
  });

  it('is none without a signature, and refused with half of one', () => {
    expect(parse(post(assume)).proof).toEqual({ kind: 'none' });
    const half = post(assume, { headers: { ...bare.headers, authorization: 'AWS4-HMAC-SHA256 Credential=x' } });
    expect(refusalCode(() => parse(half))).toBe('MalformedAuthorization');
  });

  it('counts under a name that the gateway hid', () => {
    const behind = { ...sign(post(assume), key, how), host: '10.0.0.1' };
    const { proof } = dialect.parse({ ...context(behind), publicHosts: ['sts.amazonaws.com'] });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
  });

  it.each(vectorsOf('aws-sigv4', 'aws-sigv4-query').map((vector) => ({ name: vector.name, vector })))(
    'is believed as the AWS SDKs make it: $name',
    ({ vector }) => {
      const { expected } = vector;
      const written = writeQuery(Object.entries(vector.params ?? {}) as [string, string][]);
      const request: HttpRequest = {
        ...bare,
        method: vector.method,
        host: vector.host,
        path: vector.path,
        query:
          expected.authorization === undefined
            ? `${written}&X-Amz-Signature=${expected.signature}`
            : vector.query || written,
        headers: {
          ...vector.headers,
          ...(expected.authorization === undefined ? {} : { authorization: expected.authorization }),
        },
        body: vector.body ?? '',
      };
      expect(dialect.recognizes(request)).toBe(true);
      const code = refusalCode(() => parse(request));
      // Some carry what STS's own rules refuse: a policy beyond Latin-1, a tag with an ampersand.
      if (code !== 'none') {
        expect([code, decodeURIComponent(`${vector.body}${written}`)]).toEqual([
          'InvalidParameter',
          expect.stringMatching(/中|a&b/),
        ]);
      } else {
        const { proof } = parse(request);
        expect(proof.kind === 'signature' && proof.verify(new Secret(vector.secretKey))).toBe(true);
        expect(proof.kind === 'signature' && proof.verify(new Secret('other'))).toBe(false);
      }
    },
  );
});
