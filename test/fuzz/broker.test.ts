import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import { answerer } from '../../lib/app/answerer.ts';
import { compose } from '../../lib/app/compose.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { anything, type Sending } from '../support/any-request.ts';
import { allOperations, demoRole } from '../support/app.ts';
import { rawOf } from '../support/raw-of.ts';
import { issuer, newKey, now, tokenOf } from '../support/token-issuer.ts';
import { bounds, unhurried } from './bounds.ts';

/** Texts that are found again wherever they stand, in any case and most encodings. */
const planted = {
  CALLER: 'planted0caller0secret',
  ACCOUNT: 'planted0account0secret',
  RING: `planted0ring${'a'.repeat(31)}`,
  LEAKED: 'planted0upstream0message',
};
const leaks = new RegExp(
  Object.values(planted)
    .flatMap((text) => [text, Buffer.from(text).toString('base64url').slice(2, -2), Buffer.from(text).toString('hex')])
    .join('|'),
  'i',
);
const key = newKey('ES256');

/** A cloud that repeats what it was sent, and more, in whatever it says. */
const upstream = async (request: HttpRequest) => ({
  status: [200, 400, 403, 500][request.body.length % 4] ?? 200,
  headers: { 'content-type': 'text/xml' },
  body: `<Error><Code>AccessDenied</Code><Message>${planted.LEAKED} ${planted.ACCOUNT} ${request.body.length}</Message></Error>`,
});

const open = () => {
  const records: AuditRecord[] = [];
  const account = {
    cloud: 'aws',
    endpoint: 'https://sts.example.test/',
    key: { id: 'AKIDACCOUNT', secret: 'env:ACCOUNT' },
  };
  const callers = ['ci', 'key'];
  const config = readConfig(
    {
      accounts: { authority: { cloud: 'authority' }, prod: account },
      callers: {
        ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS' } },
        key: { accessKey: { id: 'AKIDCALLER', secret: 'env:CALLER' } },
      },
      authority: { keys: ['env:RING'], roles: { demo: { trust: ['*'] } }, accountIds: { aws: '123456789012' } },
      grants: [
        { name: 'demo', callers, account: 'authority', operations: allOperations, roles: [demoRole, '**demo'] },
        { name: 'prod', callers, account: 'prod', operations: ['AssumeRole'], roles: ['**/prod', '**:me'] },
      ],
    },
    { folder: '/nowhere', environment: { ...planted, JWKS: JSON.stringify({ keys: [key.jwk] }) } },
  );
  const deps = {
    store: memoryStore(() => now),
    transport: upstream,
    audit: unlimitedAuditLog(async (record) => {
      records.push(record);
    }),
    now: () => now,
    nonce: () => 1,
    sleep: async () => undefined,
    chance: () => 0,
  };
  return { records, answer: answerer(createBroker(compose(spec, config, deps)), () => now) };
};

/** A question that is nearly, or in all, one that a grant allows. */
const nearly = (authorization: string): fc.Arbitrary<Sending> =>
  fc
    .record({
      roleArn: fc.constantFrom(demoRole, 'arn:aws:iam::1:role/prod', 'arn:aws:iam::1:role/other'),
      account: fc.constantFrom('authority', 'prod', undefined),
      roleSessionName: fc.oneof({ weight: 3, arbitrary: fc.constant('me') }, fc.string({ maxLength: 20 })),
      durationSeconds: fc.constantFrom(undefined, 900, 1, 1e9),
      tags: fc.constantFrom(undefined, { a: 'b' }),
    })
    .map((members) => ({
      method: 'POST',
      target: '/assumeRole',
      headers: { authorization, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(members)),
    }));

describe('the broker', () => {
  it(
    'answers whatever is sent, never fails, and tells no secret, neither to the caller nor to the record',
    unhurried,
    async () => {
      const { records, answer } = open();
      const token = tokenOf(key);
      const basic = `Basic ${btoa(`AKIDCALLER:${planted.CALLER}`)}`;
      const asked = fc.oneof({ weight: 9, arbitrary: anything([`Bearer ${token}`, basic]) }, nearly(`Bearer ${token}`));
      const outcomes = new Set<string>();
      await fc.assert(
        fc.asyncProperty(asked, async (sending) => {
          records.length = 0;
          const { status, headers, body } = await answer(rawOf(sending), 5_000);
          const [record, ...others] = records;
          expect(others).toEqual([]);
          expect(record?.requestId).toBe(headers['x-request-id']);
          outcomes.add(`${record?.dialect} ${record?.outcome}`);
          expect([status, record?.outcome]).not.toEqual([500, expect.anything()]);
          expect(['Internal', 'Misconfigured']).not.toContain(record?.outcome);
          const told = JSON.stringify({ headers, body, record });
          expect(told).not.toMatch(leaks);
          expect(told).not.toContain(token.split('.')[2]);
        }),
        bounds,
      );
      for (const { id } of spec.dialects)
        expect(
          [...outcomes].some((one) => one.startsWith(`${id} `)),
          id,
        ).toBe(true);
      expect([...outcomes].filter((one) => /^json (Cloud|Account)/.test(one))).not.toEqual([]);
      expect([...outcomes]).toEqual(expect.arrayContaining(['json Done']));
    },
  );
});
