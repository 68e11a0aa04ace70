import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clouds } from '../../functions/sts.ts';
import type { Cloud } from '../../lib/core/cloud.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { allowed } from '../support/allowed-request.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { signingAccounts } from '../support/signing-accounts.ts';

let app: LaptopApp;

beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

/** A request that the service would grant, signed by the key of the local caller. */
const valid = (cloud: Cloud, nonce: number): HttpRequest => {
  const { id, secret } = app.access.accessKey;
  const key = { id, secret: new Secret(secret) };
  const [account] = signingAccounts(cloud, { name: 'account', cloud: cloud.id, endpoint: new URL(app.url), key });
  if (account === undefined) throw new Error('Every cloud has a signature.');
  const role = app.access.roles[cloud.id] ?? '';
  const request = allowed<'AssumeRole'>(cloud, account, { operation: 'AssumeRole', role, sessionName: 'mutant' });
  const exchange = cloud.provider.operations.AssumeRole;
  if (exchange === undefined) throw new Error('Every cloud has it.');
  return cloud.provider.sign(exchange.encode(request, account), account, key, { now: new Date(), nonce });
};

const send = async ({ method, path, query, headers, body }: HttpRequest) => {
  const { host: _, ...rest } = headers as { host?: string };
  const target = `${app.url}${path}${query === '' ? '' : `?${query}`}`;
  const answer = await fetch(target, { method, headers: rest, ...(body === '' ? {} : { body }) });
  return { status: answer.status, text: await answer.text() };
};

/** One change in one place of a request line or body. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  how: fc.constantFrom('remove', 'insert', 'replace', 'double', 'cut'),
  character: fc.constantFrom(...'aA0&=%+{}"\\<>/:;,.-_~\u00e9'),
});

const mutate = (text: string, { at, how, character }: { at: number; how: string; character: string }): string => {
  const place = Math.floor(at * text.length);
  const [before, there, behind] = [text.slice(0, place), text.charAt(place), text.slice(place + 1)];
  if (how === 'remove') return before + behind;
  if (how === 'insert') return before + character + there + behind;
  if (how === 'replace') return before + character + behind;
  return how === 'double' ? `${text}&${text}` : before;
};

describe.each(clouds.map((cloud) => [cloud.id, cloud as Cloud] as const))('a request of %s', (_id, cloud) => {
  it('is granted as it is', async () => {
    const { status, text } = await send(valid(cloud, 1));
    expect([status, app.records.at(-1)?.outcome]).toEqual([200, 'Done']);
    expect(text).toMatch(/token/i);
  });

  it('with one change in it is refused, or is another that its key has not signed, or is the same', async () => {
    let nonce = 1000;
    await fc.assert(
      fc.asyncProperty(change, async (one) => {
        const whole = valid(cloud, ++nonce);
        const part = whole.body === '' ? 'query' : 'body';
        const changed = { ...whole, [part]: mutate(whole[part], one) };
        const { status } = await send(changed);
        expect(status).not.toBe(500);
        const outcome = app.records.at(-1)?.outcome;
        expect(['Internal', 'Misconfigured']).not.toContain(outcome);
        // What is granted must mean what was signed: another spelling of it, or nothing that it covers.
        if (outcome === 'Done') {
          expect(app.records.at(-1)).toMatchObject({ role: app.access.roles[cloud.id], sessionName: 'mutant' });
        }
      }),
      { numRuns: 60 },
    );
  });
});
