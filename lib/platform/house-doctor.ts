import type { KeyBook } from '../access/callers/keys.ts';
import type { Rooms } from '../journey/rooms.ts';
import { diagnose } from '../review/doctor.ts';
import type { StsErrorCode } from '../sts/errors.ts';
import type { Door } from './rooms.ts';

/** The refusals that a signature can be the reason of. */
const aboutSignatures: ReadonlySet<StsErrorCode> = new Set(['SignatureMismatch', 'RequestExpired']);

/** A diagnosis costs as much as some thirty requests, and whoever knows a key's id can ask for one. */
const mostPerSecond = 5;

/** The signature doctor, on call for the audit record. */
export const houseDoctor = (door: Door, keys: KeyBook): NonNullable<Rooms['diagnose']> => {
  let second = 0;
  let seen = 0;
  return ({ code }, occasion) => {
    if (!aboutSignatures.has(code)) return undefined;
    const at = Math.floor(occasion.now.getTime() / 1000);
    if (at !== second) [second, seen] = [at, 0];
    if (++seen > mostPerSecond) return undefined;
    const { dialects } = door;
    return diagnose({ dialects, occasion, secretOf: (accessKeyId) => keys.get(accessKeyId)?.secret }).code;
  };
};
