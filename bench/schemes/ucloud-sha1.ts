import { sign, signedText, verify } from '../../lib/signers/ucloud-sha1.ts';
import { type Contest, contender } from '../contest.ts';
import { compared, oneHash } from './floors.ts';
import { key, ucloudParams } from './requests.ts';

const ours = () => sign(ucloudParams, key);
const signed = ours();
const floor = oneHash(signedText({ ...ucloudParams, PublicKey: key.id }) + key.secret.reveal());

// UCloud's SDK for JavaScript is for browsers; its signatures are tested by vectors, in test/.
export const signing: Contest = {
  name: 'UCloud SHA-1',
  ours: contender('credmint', ours, ({ Signature }) => Signature),
  others: [],
  floor: contender('floor', floor),
};

export const verifying: Contest = {
  name: signing.name,
  ours: contender('credmint', () => verify(signed, key.secret)),
  others: [],
  floor: contender('floor', compared(floor, signed.Signature)),
};
