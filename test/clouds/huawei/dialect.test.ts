import { describe, expect, it } from 'vitest';
import { huawei } from '../../../lib/clouds/huawei/cloud.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const asked = { agency_urn: 'iam::account:agency:demo', agency_session_name: 'me' };
const parse = (body: object) =>
  huawei.dialect.parse({
    request: {
      method: 'POST',
      scheme: 'https',
      host: 'sts.example.com',
      path: '/v5/agencies/assume',
      query: '',
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify(body),
    },
    requestId: 'request',
    now: new Date(0),
  });

describe("a request in Huawei Cloud's dialect", () => {
  it.each(['external_id', 'source_identity', 'serial_number', 'token_code'])(
    'is refused with an empty %s, and may leave it out as null',
    (name) => {
      expect(expectRefusal(() => parse({ ...asked, [name]: '' }))).toMatchObject({
        code: 'InvalidParameter',
        detail: { parameter: name },
      });
      expect(parse({ ...asked, [name]: null }).request).toMatchObject({ operation: 'AssumeRole' });
    },
  );
});
