import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../lib/core/cloud.ts';
import type { TokenRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/sigv4.ts';
import { at, context, dialect, how, key, naming, parse, provider } from '../../support/clouds/ecs.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('a login', () => {
  const basic = `Basic ${Buffer.from('root:pass:word').toString('base64')}`;

  it('is asked by Basic authentication', () => {
    const { request, proof } = parse(at('/login', { authorization: basic }));
    expect(request).toEqual({ operation: 'Login' });
    expect(proof).toMatchObject({ kind: 'password', accessKeyId: 'root' });
    expect(proof.kind === 'password' && proof.secret.reveal()).toBe('pass:word');
  });

  it('is nothing without it, and refused with half of it', () => {
    expect(parse(at('/login')).proof).toEqual({ kind: 'none' });
    expect(refusalCode(() => parse(at('/login', { authorization: 'Basic ***' })))).toBe('MalformedAuthorization');
    expect(refusalCode(() => parse(at('/login', { authorization: 'Bearer x' })))).toBe('MalformedAuthorization');
  });

  it('is ended by its token, and no other is', () => {
    const { request, proof } = parse(at('/logout', { 'x-sds-auth-token': 'TOKEN' }));
    expect(request).toEqual({ operation: 'Logout' });
    expect(proof.kind === 'login' && proof.token.reveal()).toBe('TOKEN');
    for (const query of ['force=true', 'username=other']) {
      expect(refusalCode(() => parse(at('/logout', { 'x-sds-auth-token': 'TOKEN' }, { query })))).toBe(
        'UnknownParameter',
      );
    }
  });

  it('is asked about at /user/whoami', () => {
    expect(parse(at('/user/whoami', { 'x-sds-auth-token': 'TOKEN' }))).toMatchObject({
      request: { operation: 'GetCallerIdentity' },
      proof: { kind: 'login' },
    });
    expect(parse(sign(at('/user/whoami'), key, how)).proof).toMatchObject({ kind: 'signature' });
  });

  it.each(['/login', '/logout', '/user/whoami'])('takes a GET without a body at %s', (path) => {
    expect(refusalCode(() => parse(at(path, {}, { method: 'POST' })))).toBe('MethodNotAllowed');
    expect(refusalCode(() => parse(at(path, {}, { body: 'x' })))).toBe('InvalidRequest');
  });

  const answered = (answer: Answer, request: TokenRequest, path: string, accept?: string) =>
    dialect.render(answer, request, context(at(path, accept === undefined ? {} : { accept })));
  const token = { kind: 'login', token: new Secret('NEW-TOKEN'), user: 'root' } as const;

  it('is answered with the token in a header and a cookie, and the name in the body', () => {
    expect(answered(token, { operation: 'Login' }, '/login')).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/xml',
        'x-amzn-requestid': 'a:b:c:d',
        'x-sds-auth-token': 'NEW-TOKEN',
        'set-cookie': 'X-SDS-AUTH-TOKEN=NEW-TOKEN; Path=/; HttpOnly; Secure; SameSite=Strict',
      },
      body: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<loggedIn><user>root</user></loggedIn>',
    });
    expect(answered(token, { operation: 'Login' }, '/login', 'application/json').body).toBe('{"user":"root"}');
  });

  it('is ended with the name in the body', () => {
    const answer = { kind: 'logout', user: 'root' } as const;
    expect(answered(answer, { operation: 'Logout' }, '/logout').body).toMatch(
      /<loggedOut><user>root<\/user><\/loggedOut>$/,
    );
    expect(answered(answer, { operation: 'Logout' }, '/logout', 'application/json').body).toBe('{"user":"root"}');
  });

  it('is told who it is of, as our own provider reads it', () => {
    const identity = naming.user('ns1', 'ci', 'AIDA1');
    for (const accept of ['*/*', 'application/json']) {
      const reply = answered(
        { kind: 'identity', identity },
        { operation: 'GetCallerIdentity' },
        '/user/whoami',
        accept,
      );
      expect(provider.identity?.normalize(reply)).toEqual({
        accountId: 'ns1',
        userId: 'ci',
        arn: 'urn:ecs:iam::ns1:user/ci',
        type: 'user',
      });
    }
  });
});
