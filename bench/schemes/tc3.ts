import { canonicalRequest, payloadHash, readTc3, sign, verifyTc3 } from '../../lib/signers/tc3.ts';
import { type Contest, contender } from '../contest.ts';
import { compared, floorKey, twoHashesAndHmac } from './floors.ts';
import { authorization, key, now, signatureOf, tencentRequest, timestamp } from './requests.ts';
import { tencentSign3 } from './vendors.ts';

const signedHeaders = ['content-type', 'host'];
const ours = () => sign(tencentRequest, key, { now, service: 'sts', signedHeaders });

const floor = twoHashesAndHmac(
  floorKey(`TC3${key.secret.reveal()}`, ['2026-11-22', 'sts', 'tc3_request']),
  tencentRequest.body,
  canonicalRequest(tencentRequest, signedHeaders, payloadHash(tencentRequest)),
  (hashed) => `TC3-HMAC-SHA256\n${timestamp}\n2026-11-22/sts/tc3_request\n${hashed}`,
);

export const signing: Contest = {
  name: 'TC3-HMAC-SHA256',
  goals: { floor: 0.7 },
  ours: contender('credmint', ours, (request) => signatureOf(authorization(request))),
  others: [contender('tencentcloud-sdk-nodejs', tencentSign3, signatureOf)],
  floor: contender('floor', floor),
};

const signed = ours();
const proof = readTc3(signed);

export const verifying: Contest = {
  name: signing.name,
  ours: contender('credmint', () => proof !== undefined && verifyTc3(signed, proof, key.secret)),
  others: [
    contender('credmint, reading the proof too', () => {
      const read = readTc3(signed);
      return read !== undefined && verifyTc3(signed, read, key.secret);
    }),
    contender('tencentcloud-sdk-nodejs', () => tencentSign3() === authorization(signed)),
  ],
  floor: contender('floor', compared(floor, signatureOf(authorization(signed)))),
};
