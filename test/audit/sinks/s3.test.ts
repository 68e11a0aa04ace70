import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { s3Sink } from '../../../lib/audit/sinks/s3.ts';
import { isSigned, openRecorder, type Recorder, reach } from '../../support/sink-recorder.ts';

const instance = '0123456789abcdef0123456789abcdef';
let bucket: Recorder;
beforeAll(async () => {
  bucket = await openRecorder(() => ({ status: 200 }));
});
beforeEach(() => {
  bucket.requests.length = 0;
  bucket.replies.length = 0;
});
afterAll(() => bucket.close());

const open = (path = '/bucket') => s3Sink({ ...bucket.place(path), prefix: 'audit/eu/' }, instance, reach);
const lines = ['{"a":"ü"}', '{"b":2}'];

describe('an S3 bucket', () => {
  it('gets the lines of a write as one object, that cannot be overwritten', async () => {
    await open().write(lines);
    const [request] = bucket.requests;

    expect(request).toMatchObject({
      method: 'PUT',
      path: `/bucket/audit/eu/${instance}/0000000000.jsonl`,
      query: '',
      body: '{"a":"ü"}\n{"b":2}\n',
      headers: {
        'content-type': 'application/x-ndjson',
        'content-length': '19',
        'if-none-match': '*',
        'x-amz-content-sha256': createHash('sha256').update('{"a":"ü"}\n{"b":2}\n').digest('hex'),
        'x-amz-date': '20261122T023416Z',
        'x-amz-security-token': 'the-role-token',
      },
    });
    expect(request && isSigned(request, 's3')).toBe(true);
  });

  it('may be named by its host', async () => {
    await open('/').write(lines);

    expect(bucket.requests[0]?.path).toBe(`/audit/eu/${instance}/0000000000.jsonl`);
  });

  it('gets objects whose names are in the order of their lines', async () => {
    const sink = open();
    for (let count = 0; count < 12; count++) await sink.write(lines);
    const paths = bucket.requests.map(({ path }) => path);

    expect(new Set(paths).size).toBe(12);
    expect(paths.toSorted()).toEqual(paths);
  });

  it.each([
    ['that is busy', { status: 503 }],
    ['that hangs up', undefined],
    ['that takes another write of the same name just now', { status: 409 }],
    ['that is not there, but a network that asks for a login', { status: 200, headers: {}, body: '<html>' }],
  ])('is asked again, signed anew: one %s', async (_, reply) => {
    bucket.replies.push(() => reply);
    await open().write(lines);

    expect(bucket.requests).toHaveLength(2);
    expect(bucket.requests[1]?.path).toBe(bucket.requests[0]?.path);
    expect(bucket.requests.every((request) => isSigned(request, 's3'))).toBe(true);
  });

  it('that has the object already has ours, if it was asked before', async () => {
    bucket.replies.push(
      () => undefined,
      () => ({ status: 412 }),
    );

    await expect(open().write(lines)).resolves.toBeUndefined();
  });

  it('that has the object already has another writer’s, if it was not', async () => {
    bucket.replies.push(() => ({ status: 412 }));

    await expect(open().write(lines)).rejects.toThrow('412');
  });

  it('that refuses is not asked again, and the next write has another name', async () => {
    const sink = open();
    bucket.replies.push(() => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }));

    await expect(sink.write(lines)).rejects.toThrow('403');
    await sink.write(lines);
    expect(bucket.requests.map(({ path }) => path.slice(-16))).toEqual(['0000000000.jsonl', '0000000001.jsonl']);
  });

  it('that stays away is reported to the decision', async () => {
    bucket.replies.push(
      () => ({ status: 500 }),
      () => ({ status: 500 }),
    );

    await expect(open().write(lines)).rejects.toThrow('does not take');
  });
});
