import { describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/qcloud-hmac.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import {
  assume,
  federate,
  get,
  how,
  key,
  parse,
  policy,
  post,
  proofOf,
  signedGet,
  signedPost,
} from '../../support/clouds/tencent-v2.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

describe('a proof in the words of Tencent Cloud API 2.0', () => {
  it('counts five minutes either way, once, and may carry a token', () => {
    const proof = proofOf(sign(get(writeQuery(Object.entries(assume))), { ...key, token: new Secret('T') }, how));
    expect(proof).toMatchObject({
      scheme: 'qcloud-hmac',
      accessKeyId: 'AKIDlong',
      valid: { from: new Date('2026-11-22T01:55:00Z'), until: new Date('2026-11-22T02:05:00Z') },
      uniqueSignature: expect.any(String),
    });
    expect(proof.sessionToken?.reveal()).toBe('T');
  });

  it('is good under each name of this server, with its port and without', () => {
    const signedFor = (host: string) => ({
      ...sign({ ...get(writeQuery(Object.entries(assume))), host }, key, how),
      host: '127.0.0.1:3000',
    });
    const valid = (host: string, ...publicHosts: string[]) => proofOf(signedFor(host), publicHosts).verify(key.secret);
    const hosts = ['127.0.0.1:3000', '127.0.0.1', 'sts.example.test:8443', 'sts.example.test'];
    expect(hosts.map((host) => valid(host))).toEqual([true, true, false, false]);
    expect(hosts.map((host) => valid(host, 'sts.example.test:8443'))).toEqual([false, false, true, true]);
    expect(valid('sts.api.qcloud.com')).toBe(false);
  });

  it.each([
    'Action',
    'SecretId',
    'Timestamp',
    'Nonce',
    'Token',
    'SignatureMethod',
    'roleArn',
    'roleSessionName',
    'durationSeconds',
    'name',
    'policy',
    'Policy',
  ])(
    'does not let %s be written into a POST by whoever carries it: a value that begins with @ is not signed',
    (name) => {
      const { [name]: _, ...rest }: Record<string, string> = { ...assume };
      const carried = signedPost(rest);
      const body = `${carried.body.replace(new RegExp(`(^|&)${name}=[^&]*`), '')}&${name}=%40evil`;
      expect(expectRefusal(() => parse({ ...carried, body }))).toMatchObject({
        code: 'InvalidParameter',
        detail: { parameter: name },
      });
    },
  );

  it('takes a value that begins with @ in a GET, where it is signed', () => {
    const request = signedGet({ ...assume, roleSessionName: '@session' });
    expect(parse(request).request).toHaveProperty('sessionName', '@session');
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });

  it('does not let the boundary between two signed parameters be moved', () => {
    // Both read `…&durationSeconds=1800&name=nickName&policy=…` in the text that is signed.
    const honest = signedPost({ ...federate, policy, durationSeconds: '1800' });
    const params = [...new URLSearchParams(honest.body)].filter(([name]) => name !== 'policy' && name !== 'name');
    const moved = writeQuery([...params, ['name', `nickName&policy=${policy}`]]);
    expect(expectRefusal(() => parse({ ...honest, body: moved })).code).toBe('InvalidParameter');
    const split = signedPost({ ...assume, RequestClient: 'a&Region=x' });
    expect(expectRefusal(() => parse(split)).code).toBe('InvalidParameter');
    const named = signedPost({ ...assume, 'a=b&c': 'd' });
    expect(expectRefusal(() => parse(named)).code).toBe('InvalidParameter');
  });

  it('takes a policy that holds what looks like a boundary', () => {
    const odd = policy.replace('"*"', '"qcs::cos:::a&name=b"');
    expect(parse(signedPost({ ...federate, policy: odd })).request).toHaveProperty('policy', odd);
  });

  it('says which part of it is missing', () => {
    const { body } = signedPost(assume);
    const without = body.replace(/&Signature=[^&]*/, '');
    expect(expectRefusal(() => parse(post(without)))).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: 'Signature' },
    });
  });
});
