import { type KeyObject, verify } from 'node:crypto';
import { isObject } from '../../wire/json.ts';
import type { Json } from '../canonical.ts';
import { canonicalJson } from '../canonical.ts';
import type { Entry } from '../entry.ts';
import { keyId, readPublicKey } from '../keys.ts';
import { chainNames, checkpointNames } from '../names.ts';
import type { Problem } from './faults.ts';

interface Signature {
  readonly key: string;
  readonly value: string;
}

/** Keys whose signatures are trusted: those that were given, and those for which they vouched. */
export interface TrustedKeys {
  /** What is wrong with a checkpoint's signatures, if anything. */
  check(entry: Entry): Problem | undefined;
}

const signaturesOf = (value: Json | undefined): readonly Signature[] | undefined => {
  if (!Array.isArray(value) || value.length === 0 || value.length > 16) return undefined;
  const whole = value.every(
    (one) => isObject(one) && typeof one['key'] === 'string' && typeof one['value'] === 'string',
  );
  return whole ? (value as unknown as readonly Signature[]) : undefined;
};

const isTrue = (key: KeyObject, signed: Buffer, { value }: Signature): boolean => {
  const bytes = Buffer.from(value, 'base64url');
  // Only the canonical spelling is valid.
  return bytes.toString('base64url') === value && verify(null, signed, key, bytes);
};

/** A key that signs a beginning together with a trusted one is trusted from there on: so keys rotate. */
export const trustedKeys = (given: readonly KeyObject[]): TrustedKeys => {
  const trusted = new Map(given.map((key) => [keyId(key), key]));

  return {
    check: ({ members }) => {
      const { [chainNames.signatures]: written, [chainNames.hash]: _, ...rest } = members;
      const signatures = signaturesOf(written);
      const own = signatures?.find(({ key }) => key === members[checkpointNames.key]);
      if (signatures === undefined || own === undefined) return 'Malformed';
      const signed = Buffer.from(canonicalJson(rest), 'utf8');
      let key = trusted.get(own.key);
      if (key === undefined) {
        const vouched = signatures.some((one) => {
          const older = trusted.get(one.key);
          return older !== undefined && isTrue(older, signed, one);
        });
        const text = members[checkpointNames.publicKey];
        key = vouched && typeof text === 'string' ? readPublicKey(text) : undefined;
        if (key === undefined || keyId(key) !== own.key) return 'UnknownKey';
      }
      if (!isTrue(key, signed, own)) return 'BadSignature';
      trusted.set(own.key, key);
      return undefined;
    },
  };
};
