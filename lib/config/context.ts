import type { CloudFacts } from '../core/cloud-facts.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { Environment } from '../identity/environment.ts';
import { awsIdentityIn } from '../identity/find-aws.ts';
import type { RuntimeIdentity } from '../identity/runtime-identity.ts';
import { isReference } from './references/reference.ts';
import { followAgain, type Lookup, lookupIn, type ReferenceSources } from './references/resolver.ts';

/** What the reader of a section may know besides the section. */
export interface ConfigContext {
  /** The clouds that the configuration may name. */
  readonly clouds: readonly CloudFacts[];
  /** The folder of the configuration file, which paths are relative to. */
  readonly folder: string;
  readonly environment: Environment;
  /** The URL of our own issuer; absent if there is none. */
  readonly issuer?: string;
  /** Where this process finds the AWS credentials of its own role; absent if it has none. */
  readonly aws?: RuntimeIdentity;
  /** Reports that the member at a path is wrong, and how. */
  fault(path: string, why: string): void;
  /** The secret that a reference leads to. Reports a fault and returns an empty secret if it leads nowhere. */
  secret(path: string, reference: string): Secret;
  /** The text that a reference leads to, as `secret` reads it; any other text as it is. */
  text(path: string, text: string): string;
  /** Follows references again, as they lead now. Rejects with an StsError if a place of secrets does not answer. */
  followAgain(references: readonly string[]): Promise<Lookup>;
}

/** The context of one reading of a configuration. */
export const configContext = (
  sources: ReferenceSources,
  clouds: ConfigContext['clouds'],
  issuer: string | undefined,
  fault: ConfigContext['fault'],
): ConfigContext => {
  const { folder, environment } = sources;
  const lookup = lookupIn(sources);
  const secret = (path: string, reference: string): Secret => {
    const found = lookup(reference);
    if (found === undefined) fault(path, `refers to ${reference}, which is missing or empty`);
    return found ?? new Secret('');
  };
  return {
    clouds,
    folder,
    environment,
    ...omitUndefined({ issuer, aws: awsIdentityIn(environment) }),
    fault,
    secret,
    text: (path, text) => (isReference(text) ? secret(path, text).reveal() : text),
    followAgain: (references) => followAgain(references, sources),
  };
};

/** What a member that needs AWS lacks if the context has no `aws`. */
export const withoutAwsRole = 'needs AWS, but the environment does not say where the credentials of this process are';
