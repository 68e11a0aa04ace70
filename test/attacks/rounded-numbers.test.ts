import { describe, expect, it } from 'vitest';
import { readJwt } from '../../lib/auth/jwt/read.ts';
import { json } from '../../lib/clouds/json/dialect.ts';
import type { Caller } from '../../lib/core/caller.ts';
import { readMintEvent } from '../../lib/events/cloud-event.ts';
import { readEnvelope } from '../../lib/events/envelopes.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { claimRule } from '../../lib/grants/claims.ts';
import { configFaults, refusalCode } from '../support/expect-refusal.ts';
import { ask, readRules, rulesFor } from '../support/rules.ts';
import { newKey, proving, ruleOf, tokenOfText, usualClaims } from '../support/token-issuer.ts';

// JavaScript reads 9007199254740993 as 9007199254740992, so two numbers become one.

const [even, odd] = ['9007199254740992', '9007199254740993'];
const key = newKey();

/** A token with a number as a claim, written as it is. */
const tokenWith = (number: string): string =>
  tokenOfText(key, `${JSON.stringify(usualClaims()).slice(0, -1)},"uid":${number}}`);

describe('a number in an identity token', () => {
  const prove = proving([ruleOf([key])]);
  const caller = async (number: string) => (await prove(tokenWith(number))) as Caller;

  it.each([
    [even, even],
    [odd, odd],
    ['12345678901234567890123', '12345678901234567890123'],
    ['42', '42'],
    ['4.2e1', '42'],
    ['1.50', '1.5'],
  ])('%s is compared as %s', async (number, text) => {
    expect((await caller(number)).claims).toMatchObject({ uid: text });
  });

  it('meets the rule of a caller by all of its digits', async () => {
    const strict = proving([ruleOf([key], { claims: [claimRule('uid', [even])] })]);
    expect(await strict(tokenWith(even))).toMatchObject({ name: 'ci' });
    expect(await strict(tokenWith(odd))).toMatchObject({ fault: 'ClaimMismatch' });
  });

  it('meets a grant by all of its digits, and fills a policy with them', async () => {
    const grant = {
      claims: { uid: [odd] },
      references: { 'claims.uid': {} },
      policy: {
        Version: '2012-10-17',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of the templates
        Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['arn:aws:s3:::data/${claims.uid}/*'] }],
      },
    };
    const decided = async (number: string) =>
      authorize(rulesFor(grant), { ...ask(), caller: { ...(await caller(number)), name: 'ci' } });
    expect((await decided(odd)) as object).toMatchObject({ policy: expect.stringContaining(`data/${odd}/*`) });
    await expect(decided(even)).rejects.toMatchObject({ detail: { reason: 'ClaimMismatch' } });
  });

  it('does not stand for an instant if it is text', async () => {
    const { exp, ...rest } = usualClaims();
    expect(await prove(tokenOfText(key, JSON.stringify({ ...rest, exp: String(exp) })))).toMatchObject({
      fault: 'ClaimMissing',
    });
  });
});

it('an identity token that names a claim twice is none', () => {
  expect(readJwt(tokenWith('1,"uid":2'))).toBeUndefined();
});

it('a number that only a platform has read, and may have rounded, is no claim', () => {
  const decided = (uid: unknown) =>
    refusalCode(() => authorize(rulesFor({ claims: { uid: ['*'] } }), ask({ claims: { uid } })));
  expect(decided(Number(even))).toBe('AccessDenied');
  expect(decided(Number(odd))).toBe('AccessDenied');
  expect(decided(0.1)).toBe('AccessDenied');
  expect(decided(42)).toBe('none');
});

describe('a policy given as an object with a number that was rounded', () => {
  const statement = (number: string) =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericEquals":{"n":${number}}}}]}`;
  const requestBody = (number: string) =>
    `{"roleArn":"arn:aws:iam::123456789012:role/demo","roleSessionName":"me","policy":${statement(number)}}`;

  it('is refused by the JSON API', () => {
    const parse = (number: string) =>
      json.parse({
        request: {
          method: 'POST',
          scheme: 'https',
          host: 'x.example',
          path: '/assumeRole',
          query: '',
          headers: { 'content-type': 'application/json' },
          body: requestBody(number),
        },
        requestId: 'id',
        now: new Date(0),
      });
    expect(refusalCode(() => parse('42'))).toBe('none');
    expect(refusalCode(() => parse(odd))).toBe('InvalidParameter');
  });

  it('is refused as an event, and so is an event that says a thing twice', () => {
    const eventOf = (data: string) =>
      readMintEvent(
        `{"specversion":"1.0","id":"1","source":"s","type":"credmint.mint.requested","data":{"operation":"AssumeRole","recipient":"r",${data.slice(1)}}`,
      );
    expect(eventOf(requestBody('42'))).toMatchObject({ asked: { request: {} } });
    expect(eventOf(requestBody(odd))).toMatchObject({ asked: { fault: { code: 'InvalidParameter' } } });
    expect(eventOf(`{"account":"a",${requestBody('42').slice(1, -1)},"account":"b"}`)).toHaveProperty('unreadable');
    const records = [{ eventSource: 'aws:sqs', eventSourceARN: 'arn', messageId: '1', body: '{"a":1,"a":2}' }];
    expect(readEnvelope({ Records: records })?.[0]?.content).toBeUndefined();
  });

  it('is a fault of the configuration', () => {
    const faults = (number: string) => configFaults(() => readRules({ policy: JSON.parse(statement(number)) }));
    expect(faults('42')).toEqual([]);
    expect(faults(odd)).toEqual([expect.stringMatching(/grants\.0\.policy.*number/)]);
  });
});
