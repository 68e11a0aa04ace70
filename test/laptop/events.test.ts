import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReply } from '../../lib/delivery/open.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

let app: LaptopApp;
beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

const event = (id: string, data: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/tour',
  type: 'credmint.mint.requested',
  data: {
    operation: 'AssumeRole',
    account: 'ucloud',
    roleArn: app.access.roles['ucloud'],
    roleSessionName: 'tour',
    recipient: 'me',
    ...data,
  },
});

const post = async (body: unknown, type = 'application/json') => {
  const response = await fetch(`${app.url}/events`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    ...((await response.json()) as { replies: { type: string; data: object }[]; refused: string[] }),
  };
};

describe('POST /events of a laptop', () => {
  it('answers with credentials that the recipient’s key opens', async () => {
    const { status, replies } = await post(event('one'));
    expect(status).toBe(200);
    const key = JSON.parse(readFileSync(join(app.folder, 'keys/recipient.json'), 'utf8'));
    expect(await openReply(replies[0], key)).toMatchObject({ account: 'ucloud', cloud: 'ucloud' });
  });

  it('answers an event once', async () => {
    expect((await post(event('two'))).replies).toHaveLength(1);
    expect((await post(event('two'))).replies).toEqual([]);
  });

  it('says why it does not answer', async () => {
    expect((await post(event('three', { recipient: 'mallory' }))).refused).toEqual([
      'The recipient of the event is not known.',
    ]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'takes nothing that a page of another origin could send: %s',
    async (type) => {
      expect((await post(event('four'), type)).status).toBe(400);
    },
  );
});
