import { describe, expect, it } from 'vitest';
import { bodyParams } from '../../../lib/clouds/huawei/body.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const known = new Set(['agency_urn', 'duration_seconds', 'tags', 'policy_ids']);
const request = (body: string): HttpRequest => ({
  method: 'POST',
  scheme: 'https',
  host: 'sts.example.com',
  path: '/v5/agencies/assume',
  query: '',
  headers: { 'content-type': 'application/json;charset=UTF-8' },
  body,
});
const read = (body: string) => Object.fromEntries(bodyParams(request(body), known));

describe('a body of Huawei Cloud STS5', () => {
  it.each([
    [
      'numbers and lists',
      '{"duration_seconds":900,"policy_ids":["a"]}',
      { duration_seconds: '900', 'policy_ids.1': 'a' },
    ],
    ['what is left out as null', '{"agency_urn":"a","tags":null,"policy_ids":null}', { agency_urn: 'a' }],
    ['a tag without a value', '{"tags":[{"key":"k","value":null}]}', { 'tags.1.key': 'k' }],
    ['a byte order mark', '\ufeff{"agency_urn":"a"}', { agency_urn: 'a' }],
  ])('is read with %s', (_what, body, params) => {
    expect(read(body)).toEqual(params);
  });

  it.each([
    ['InvalidRequest', '{"agency_urn":"a","agency_urn":"b"}'],
    ['InvalidRequest', '[]'],
    ['InvalidRequest', '\ufeff'],
    ['UnknownParameter', '{"another":1}'],
    ['InvalidParameter', '{"tags":{"k":"v"}}'],
    ['InvalidParameter', '{"agency_urn":["a"]}'],
  ])('is refused by %s: %s', (code, body) => {
    expect(expectRefusal(() => read(body)).code).toBe(code);
  });
});
