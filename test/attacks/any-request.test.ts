import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import { readXml } from '../../lib/wire/xml.ts';
import { anything, type Sending } from '../support/any-request.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

let app: LaptopApp;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(async () => {
  agent.destroy();
  await app.close();
});

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const send = ({ method, target, headers, body }: Sending): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    const bodyless = body.length === 0 || method === 'TRACE';
    const length = bodyless ? {} : { 'content-length': body.length };
    const outgoing = request(
      { agent, hostname, port, method, path: target, headers: { ...headers, ...length }, timeout: 5000 },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (piece: string) => {
          text += piece;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('No answer in time.')));
    outgoing.on('error', reject);
    outgoing.end(bodyless ? undefined : body);
  });

const jsonOf = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

/** What a refusal looks like in each dialect. */
const formats: Readonly<Record<string, (heard: Heard) => void>> = {
  json: ({ headers, text }) => {
    expect(headers['content-type']).toMatch(/^application\/(problem\+)?json$/);
    expect(Object.keys(jsonOf(text))).toEqual(expect.arrayContaining([expect.stringMatching(/^(code|Code)$/)]));
  },
  oauth: ({ text }) => {
    expect(jsonOf(text)).toMatchObject({ error: expect.any(String), error_description: expect.any(String) });
  },
  'tencent-v2': ({ text }) => {
    expect(jsonOf(text)).toMatchObject({ code: expect.any(Number), codeDesc: expect.any(String) });
  },
  'tencent-v3': ({ status, text }) => {
    expect(status).toBe(200);
    expect(jsonOf(text)).toMatchObject({
      Response: { Error: { Code: expect.any(String), Message: expect.any(String) }, RequestId: expect.any(String) },
    });
  },
  ucloud: ({ text }) => {
    expect(jsonOf(text)).toMatchObject({ RetCode: expect.any(Number), Message: expect.any(String) });
  },
  ecs: ({ text }) => expect(text === '' || readXml(text) !== undefined).toBe(true),
  alibaba: ({ status, headers, text }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    if (headers['content-type'] === 'text/xml;charset=utf-8') expect(readXml(text)?.name).toBe('Error');
    else expect(jsonOf(text)).toMatchObject({ Code: expect.any(String), Message: expect.stringMatching(/./) });
  },
  volcengine: ({ text }) => {
    expect(jsonOf(text)).toMatchObject({ ResponseMetadata: { Error: { Code: expect.any(String) } } });
  },
  huawei: ({ headers, text }) => {
    expect(headers['x-request-id']).toEqual(expect.any(String));
    expect(jsonOf(text)).toMatchObject({ error_code: expect.any(String), error_msg: expect.stringMatching(/./) });
  },
  aws: ({ headers, text }) => {
    expect(headers['content-type']).toBe('text/xml');
    expect(readXml(text)?.name).toBe('ErrorResponse');
  },
};

describe('whatever is sent', () => {
  it('is tried in every dialect', () => {
    expect(Object.keys(formats).sort()).toEqual(spec.dialects.map(({ id }) => id).sort());
  });

  it('is answered, in its own dialect, and is never our failure', async () => {
    const proofs = [
      `Bearer ${app.access.token}`,
      `Basic ${btoa(`${app.access.accessKey.id}:${app.access.accessKey.secret}`)}`,
    ];
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anything(proofs), async (sending) => {
        const before = app.records.length;
        const heard = await send(sending);
        expect(heard.status, heard.text).not.toBe(500);
        expect(heard.headers).toMatchObject({
          'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'cache-control': 'no-store',
          date: expect.stringMatching(/GMT$/),
        });
        expect(heard.headers).not.toHaveProperty('x-injected');
        const record = app.records.at(-1);
        // Health, and what is no request at all, is answered before anybody asks who it is.
        if (app.records.length === before || record === undefined) return;
        expect(record.requestId).toBe(heard.headers['x-request-id']);
        const outcome = `${record.dialect} ${record.outcome}`;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        expect(['Internal', 'Misconfigured']).not.toContain(record.outcome);
        if (record.outcome !== 'Done' && sending.method !== 'HEAD') formats[record.dialect]?.(heard);
      }),
      { numRuns: 600 },
    );
    // That it was answered in full, and was not refused as unreadable each time.
    expect([...outcomes.keys()].map((one) => one.split(' ')[0])).toEqual(expect.arrayContaining(Object.keys(formats)));
    expect(outcomes.size).toBeGreaterThan(20);
  });

  it('leaves no mark on the service', async () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const { status } = await send({ method: 'GET', target: '/health', headers: {}, body: new Uint8Array() });
    expect(status).toBe(200);
  });
});
