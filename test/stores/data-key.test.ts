import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { openDataKey } from '../../lib/stores/data-key.ts';
import { credentials, deps, region } from '../support/dynalite-server.ts';
import { type Answer, record, signatureOf } from '../support/store-recorder.ts';

const plaintext = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
const wrapped = Buffer.from('a data key, closed by a key of KMS').toString('base64');

// Answers as the reference of the API has them:
// https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
const opened: Answer = {
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: {
    KeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    Plaintext: plaintext,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  },
};
const fault = (type: string, status = 400): Answer => ({ status, body: { __type: type, message: '' } });

const ask = async (answer: (count: number) => Answer | undefined) => {
  let count = 0;
  const kms = await record(() => answer(++count));
  const result = await openDataKey(
    { wrapped, region, endpoint: kms.url },
    deps(() => new Date()),
  ).catch((error: Error) => error);
  await kms.close();
  return { result, requests: kms.requests };
};

describe('a data key that KMS keeps closed', () => {
  it('is opened by Decrypt, for its purpose, under our signature', async () => {
    const { result, requests } = await ask(() => opened);
    expect(result).toBeInstanceOf(Secret);
    expect((result as Secret).reveal()).toBe(plaintext);

    const [request] = requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Decrypt' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      CiphertextBlob: wrapped,
      EncryptionContext: { purpose: 'credmint-store' },
    });
    if (request === undefined) return;
    const proof = signatureOf(request, new Secret(credentials.secretAccessKey));
    expect(proof?.scope).toMatchObject({ region, service: 'kms' });
    expect(proof?.signedHeaders).toEqual(['content-type', 'host', 'x-amz-date', 'x-amz-target']);
  });

  it.each<[string, Answer | undefined]>([
    ['the connection is cut', undefined],
    ['KMS fails', fault('KMSInternalException', 500)],
    ['KMS throttles', fault('ThrottlingException')],
  ])('is asked for once more if %s', async (_, bad) => {
    const { result, requests } = await ask((count) => (count === 1 ? bad : opened));
    expect(result).toBeInstanceOf(Secret);
    expect(requests).toHaveLength(2);
    expect((await ask(() => bad)).result).toMatchObject({ code: 'CloudUnavailable' });
  });

  it('is asked for again if what answers is not KMS, and may be had later', async () => {
    const { result, requests } = await ask(() => ({ body: '<html>' }));
    expect(result).toMatchObject({ code: 'CloudUnavailable' });
    expect(requests).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ['KMS denies it', fault('AccessDeniedException')],
    ['it was closed for another purpose', fault('InvalidCiphertextException')],
    ['the key of KMS is disabled', fault('DisabledException')],
    ['there is none in the answer', { body: {} }],
    ['it is too short to seal with', { body: { Plaintext: 'c2hvcnQ=' } }],
  ])('is none if %s', async (_, answer) => {
    const { result, requests } = await ask(() => answer);
    expect(result).toMatchObject({ name: 'StsError', code: 'Misconfigured' });
    expect(String(result)).not.toContain('c2hvcnQ=');
    expect(requests).toHaveLength(1);
  });
});
