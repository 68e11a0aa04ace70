import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/sigv4.ts';
import { presign } from '../../../lib/signers/sigv4-presign.ts';
import { at, bare, dialect, how, key, now, parse, post, wanted } from '../../support/clouds/ecs.ts';
import { refusalCode } from '../../support/expect-refusal.ts';
import { vectorsOf } from '../../support/vectors.ts';

describe('the proof of a request to ECS', () => {
  const unproven = post(wanted, { headers: {} });

  it('is a token or a signature, for the service sts or for none', () => {
    for (const [region, service, valid] of [
      ['', '', true],
      ['us-east-1', 'sts', true],
      ['x', 's3', false],
    ] as const) {
      const { proof } = parse(sign(unproven, key, { now, region, service }));
      expect(proof).toMatchObject({ kind: 'signature', scheme: 'sigv4', accessKeyId: key.id });
      expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(valid);
    }
    expect(parse(unproven).proof).toEqual({ kind: 'none' });
  });

  it('is taken over a presigned URL, which may have no body', () => {
    const presigned = presign({ ...unproven, method: 'GET' }, key, { ...how, expiresSeconds: 60 });
    const { request, proof } = parse(presigned);
    expect(request).toMatchObject({ operation: 'AssumeRole', sessionName: 'sess-1' });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(refusalCode(() => parse({ ...presigned, method: 'POST', body: 'a=b' }))).toBe('InvalidRequest');
  });

  it('is not both: the one that is checked must be the one that counts', () => {
    const both = sign({ ...unproven, headers: { 'x-sds-auth-token': 'TOKEN' } }, key, how);
    expect(refusalCode(() => parse(both))).toBe('MalformedAuthorization');
    const presigned = presign(unproven, key, { ...how, expiresSeconds: 60 });
    expect(refusalCode(() => parse({ ...presigned, headers: { 'x-sds-auth-token': 'TOKEN' } }))).toBe(
      'MalformedAuthorization',
    );
  });

  it('is not a cookie, which a browser sends for whatever page asks it to', () => {
    expect(parse(post(wanted, { headers: { cookie: 'X-SDS-AUTH-TOKEN=TOKEN' } })).proof).toEqual({ kind: 'none' });
    expect(parse(at('/logout', { cookie: 'X-SDS-AUTH-TOKEN=TOKEN' })).proof).toEqual({ kind: 'none' });
  });

  it('is not a token that cannot be one', () => {
    expect(refusalCode(() => parse(post(wanted, { headers: { 'x-sds-auth-token': 'a, b' } })))).toBe('InvalidToken');
  });

  it.each(vectorsOf('ecs-sigv4').map((vector) => ({ name: vector.name, vector })))(
    'is believed as a published client of ECS makes it: $name',
    ({ vector }) => {
      const request: HttpRequest = {
        ...bare,
        path: vector.path,
        query: vector.query ?? '',
        headers: { ...vector.headers, authorization: vector.expected.authorization ?? '' },
      };
      expect(dialect.recognizes(request)).toBe(true);
      // One vector has a session name that ECS's own rule refuses; its proof is read all the same.
      const mended = vector.query?.includes('%C3%A9') ? undefined : parse(request).proof;
      if (mended?.kind === 'signature') {
        expect(mended.verify(new Secret(vector.secretKey))).toBe(true);
        expect(mended.sessionToken?.reveal()).toBe(vector.headers?.['x-amz-security-token']);
      } else expect(refusalCode(() => parse(request))).toBe('InvalidParameter');
    },
  );
});
