import { createHash } from 'node:crypto';
import { canonicalRequest, sign } from '../../lib/signers/sigv4.ts';
import { readSigv4, verifySigv4 } from '../../lib/signers/sigv4-verify.ts';
import { type Contest, contender } from '../contest.ts';
import { compared, floorKey, twoHashesAndHmac } from './floors.ts';
import { authorization, awsRequest, key, now, signatureOf } from './requests.ts';
import { aws4Sign, smithySigner } from './vendors.ts';

const ours = () => sign(awsRequest, key, { now, region: 'us-east-1', service: 'sts' });
const signed = ours();
const header = authorization(signed);

const floor = twoHashesAndHmac(
  floorKey(`AWS4${key.secret.reveal()}`, ['20261122', 'us-east-1', 'sts', 'aws4_request']),
  awsRequest.body,
  canonicalRequest(
    signed,
    ['content-type', 'host', 'x-amz-date'],
    createHash('sha256').update(awsRequest.body).digest('hex'),
  ),
  (hashed) => `AWS4-HMAC-SHA256\n20261122T023416Z\n20261122/us-east-1/sts/aws4_request\n${hashed}`,
);

const smithy = smithySigner('node:crypto');
const smithyInJavaScript = smithySigner('@aws-crypto');

export const signing: Contest = {
  name: 'SigV4',
  goals: { floor: 0.7 },
  ours: contender('credmint', ours, (request) => signatureOf(authorization(request))),
  others: [
    contender('@smithy/signature-v4 on node:crypto', smithy, signatureOf),
    contender('@smithy/signature-v4 on @aws-crypto', smithyInJavaScript, signatureOf),
    contender('aws4', aws4Sign, signatureOf),
  ],
  floor: contender('floor', floor),
};

const proof = readSigv4(signed);

export const verifying: Contest = {
  name: signing.name,
  ours: contender('credmint', () => !('fault' in proof) && verifySigv4(signed, proof, key.secret)),
  others: [
    contender('credmint, reading the proof too', () => {
      const read = readSigv4(signed);
      return !('fault' in read) && verifySigv4(signed, read, key.secret);
    }),
    contender('@smithy/signature-v4 on node:crypto', async () => (await smithy()) === header),
    contender('@smithy/signature-v4 on @aws-crypto', async () => (await smithyInJavaScript()) === header),
    contender('aws4', () => aws4Sign() === header),
  ],
  floor: contender('floor', compared(floor, signatureOf(header))),
};
