import type { SignatureProof } from '../core/caller.ts';
import type { Dialect, DialectContext } from '../core/cloud.ts';
import type { CloudFacts } from '../core/cloud-facts.ts';
import { StsError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Finding } from './finding.ts';
import { guessesOf } from './guesses.ts';

const proofIn = (dialects: readonly Dialect[], context: DialectContext): SignatureProof | undefined => {
  const dialect = dialects.find((candidate) => candidate.recognizes(context.request));
  try {
    const proof = dialect?.parse(context).proof;
    return proof?.kind === 'signature' ? proof : undefined;
  } catch (thrown) {
    // A variant that cannot be read is not the one that was signed.
    if (thrown instanceof StsError) return undefined;
    throw thrown;
  }
};

/** What a diagnosis may use. */
export interface DiagnosisDeps {
  readonly dialects: readonly Dialect[];
  /** Their vendors' hosts, paths and signatures are tried. */
  readonly clouds: readonly CloudFacts[];
  readonly context: DialectContext;
  /** The secret of an access key id, if it is known. */
  secretOf(accessKeyId: string): Secret | undefined;
}

/**
 * Why a signature is not valid. It tries what clients are known to get wrong, one thing at a time, until the
 * signature matches; it never says what the right one would have been.
 */
export const diagnose = ({ dialects, clouds, context, secretOf }: DiagnosisDeps): Finding => {
  const isValid = (proof: SignatureProof): boolean => {
    const secret = secretOf(proof.accessKeyId);
    return secret !== undefined && proof.verify(secret);
  };
  const proof = proofIn(dialects, context);
  if (proof !== undefined && isValid(proof)) return clockOf(proof, context.now);
  const { request, publicHosts = [] } = context;
  const vendors = {
    hosts: [...publicHosts, ...clouds.flatMap(({ vendorHosts }) => vendorHosts)],
    paths: clouds.flatMap(({ vendorPaths }) => vendorPaths),
    hashMethods: [...new Set(clouds.flatMap(({ signatures }) => signatures))],
  };
  for (const guess of guessesOf(request, vendors)) {
    const other = proofIn(dialects, { ...context, request: guess.request });
    if (other !== undefined && isValid(other)) return { code: guess.code, why: guess.why };
  }
  if (proof === undefined) {
    return { code: 'NotASignature', why: 'No signature can be read from the request as it came.' };
  }
  const secret = secretOf(proof.accessKeyId);
  if (secret === undefined) return { code: 'WrongSecret', why: 'The access key id is not known here.' };
  if (mangled(secret).some((other) => proof.verify(other))) {
    return { code: 'SecretPadded', why: 'The secret was used with a space or a newline around it.' };
  }
  return { code: 'WrongSecret', why: 'Most likely the secret is not the one of this access key id.' };
};

/** A secret as it comes out of a file that was read with its white space. */
const mangled = (secret: Secret): readonly Secret[] =>
  [` ${secret.reveal()}`, `${secret.reveal()} `, `${secret.reveal()}\n`].map((text) => new Secret(text));

const clockOf = ({ valid }: SignatureProof, now: Date): Finding => {
  if (valid === undefined || (now >= valid.from && now <= valid.until)) {
    return { code: 'Valid', why: 'The signature is valid.' };
  }
  const late = now > valid.until;
  const seconds = Math.round(Math.abs(now.getTime() - (late ? valid.until : valid.from).getTime()) / 1000);
  const how = late ? `${seconds} seconds too late` : `${seconds} seconds too early`;
  return { code: 'ClockSkew', why: `The signature is right, and came ${how} for its window: set the client's clock.` };
};
