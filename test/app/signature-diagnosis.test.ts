import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

let app: LaptopApp;
beforeEach(async () => {
  app = await openLaptopApp();
});
afterEach(() => app.close());

const send = async (secret: string, host: string) => {
  const signed = sign(
    {
      method: 'POST',
      scheme: 'http',
      host,
      path: '/',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    },
    { id: app.access.accessKey.id, secret: new Secret(secret) },
    { now: new Date(), region: 'us-east-1', service: 'sts' },
  );
  return fetch(app.url, { method: 'POST', headers: signed.headers, body: signed.body });
};

describe('the audit record of a signature that does not count', () => {
  it.each([
    ['the vendor’s host was signed', 'sts.amazonaws.com', 'HostSigned'],
    ['the secret is another', undefined, 'WrongSecret'],
  ])('says when %s, and the caller is not told', async (_, host, code) => {
    const secret = host === undefined ? 'another' : app.access.accessKey.secret;
    const response = await send(secret, host ?? new URL(app.url).host);
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain(code);
    expect(app.records.at(-1)).toMatchObject({ outcome: 'SignatureMismatch', signature: code });
  });

  it('is written without a diagnosis when there are too many to make', async () => {
    for (let index = 0; index < 12; index++) await send('another', 'x.example.test');
    const found = app.records.slice(-12).filter((record) => record.signature !== undefined);
    expect(found.length).toBeLessThan(12);
  });
});
