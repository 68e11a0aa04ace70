import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { spec } from '../../../functions/sts.ts';
import { httpFunction } from '../../../lib/app/functions/http.ts';
import { processDeps } from '../../../lib/app/process-deps.ts';
import { StsError } from '../../../lib/core/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-function-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

let files = 0;
const configured = (config: object): void => {
  const path = join(folder, `${++files}.json`);
  writeFileSync(path, JSON.stringify(config));
  vi.stubEnv('CREDMINT_CONFIG', path);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFUNCTION');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'the-secret-of-the-function');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
};

const account = (secret: string) => ({
  accounts: { prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'AKID', secret } } },
});

/** The function, whose every request to the network fails until `state.up`. */
const open = () => {
  const lines: string[] = [];
  const state = { up: false };
  const handler = httpFunction(spec, () => ({
    ...processDeps(),
    log: (level, event, fields) => {
      lines.push(JSON.stringify({ level, event, ...fields }));
    },
    transport: async () => {
      if (!state.up) throw new StsError('CloudUnavailable');
      return { status: 200, headers: {}, body: JSON.stringify({ Parameter: { Value: 'secret' } }) };
    },
  }));
  const send = (path: string, body: string, type: string) =>
    handler(
      {
        version: '2.0',
        rawPath: path,
        rawQueryString: '',
        headers: { host: 'x.lambda-url.eu-central-1.on.aws', 'content-type': type },
        requestContext: { http: { method: 'POST', sourceIp: '203.0.113.1' } },
        body,
        isBase64Encoded: false,
      },
      {},
    ) as Promise<{ statusCode: number; headers: Record<string, string>; body: string }>;
  return { lines, state, send };
};

const byJson = ['/assumeRole', '{}', 'application/json'] as const;
const byQuery = ['/', 'Action=AssumeRole&Version=2011-06-15', 'application/x-www-form-urlencoded'] as const;

describe('a function whose secrets cannot be read now', () => {
  it('says 503 with Retry-After in the dialect of the request, and why in its log', async () => {
    configured(account('ssm:/credmint/key'));
    const { lines, send } = open();
    const json = await send(...byJson);
    expect(json).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5', 'cache-control': 'no-store' } });
    expect(JSON.parse(json.body)).toMatchObject({ code: 'Unavailable', status: 503, retryable: true });
    const query = await send(...byQuery);
    expect(query.statusCode).toBe(503);
    expect(query.body).toContain('<Code>ServiceUnavailable</Code>');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(json.headers['x-request-id']);
  });

  it('opens at the first request that comes when they can', async () => {
    configured(account('ssm:/credmint/key'));
    const { state, send } = open();
    expect((await send(...byJson)).statusCode).toBe(503);
    state.up = true;
    expect((await send(...byJson)).statusCode).not.toBe(503);
  });
});

describe('a function that is set up wrongly', () => {
  it('says 500 in the dialect of the request, and in its log what is wrong', async () => {
    configured(account('env:NOT_THERE'));
    const { lines, send } = open();
    const { statusCode, body } = await send(...byJson);
    expect(statusCode).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ code: 'Misconfigured' });
    expect(body).not.toContain('NOT_THERE');
    expect(lines.join()).toContain('NOT_THERE');
  });
});
