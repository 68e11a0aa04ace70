import type { KeysById } from '../auth/keys/caller-keys.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { StsErrorCode } from '../core/errors.ts';
import { diagnose } from '../diagnostics/doctor.ts';
import type { FunctionSpec } from './function-spec.ts';

/** The refusals that a wrong signature can cause. */
const aboutSignatures: ReadonlySet<StsErrorCode> = new Set(['SignatureMismatch', 'RequestExpired']);

/** A diagnosis costs as much as some thirty requests, and anyone who knows a key's id can cause one. */
const maxPerSecond = 5;

/** Finds out for the audit record what was wrong with a signature, a few times a second at most. */
export const signatureDiagnosis = (spec: FunctionSpec, keys: KeysById): NonNullable<BrokerDeps['diagnose']> => {
  let second = 0;
  let seen = 0;
  return ({ code }, context) => {
    if (!aboutSignatures.has(code)) return undefined;
    const at = Math.floor(context.now.getTime() / 1000);
    if (at !== second) [second, seen] = [at, 0];
    if (++seen > maxPerSecond) return undefined;
    const { dialects, clouds } = spec;
    return diagnose({ dialects, clouds, context, secretOf: (accessKeyId) => keys.get(accessKeyId)?.secret }).code;
  };
};
