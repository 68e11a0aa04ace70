import type { HttpRequest } from '../../lib/core/http.ts';
import { readHmac, sign, stringToSign, verify } from '../../lib/signers/qcloud-hmac.ts';
import { type Params, readQuery } from '../../lib/wire/query.ts';
import { type Contest, contender } from '../contest.ts';
import { compared, floorKey, oneHmac } from './floors.ts';
import { key, now, qcloudRequest } from './requests.ts';
import { qcloudForm } from './vendors.ts';

const nonce = 32_768;
const ours = () => sign(qcloudRequest, key, { now, nonce, method: 'HmacSHA1', edition: '2.0' });
const sdk = qcloudForm(nonce);

const paramsOf = (form: string): Params => {
  const reading = readQuery(form);
  return 'params' in reading ? reading.params : new Map();
};
const signatureIn = (form: string): string => paramsOf(form).get('Signature') ?? '';

const signed: HttpRequest = { ...qcloudRequest, body: sdk() };
const claimed = signatureIn(signed.body);
const floor = oneHmac(
  'sha1',
  floorKey(key.secret.reveal()),
  stringToSign({ ...signed, params: paramsOf(signed.body) }, '2.0'),
);

export const signing: Contest = {
  name: 'HmacSHA1 (API 2.0)',
  goals: { first: 3, floor: 0.5 },
  ours: contender('credmint', ours, ({ body }) => signatureIn(body)),
  others: [contender('qcloudapi-sdk', sdk, signatureIn)],
  floor: contender('floor', floor),
};

export const verifying: Contest = {
  name: signing.name,
  goals: { first: 3, floor: 0.5 },
  ours: contender('credmint', () => {
    const params = paramsOf(signed.body);
    const reading = readHmac(params, '2.0');
    return reading.kind === 'proof' && verify([{ ...signed, params }], reading.proof, key.secret);
  }),
  others: [contender('qcloudapi-sdk', () => signatureIn(sdk()) === claimed)],
  floor: contender('floor', compared(floor, claimed)),
};
