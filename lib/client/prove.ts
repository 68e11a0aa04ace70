import type { AccessKey } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { sign } from '../signers/sigv4.ts';
import type { Prove } from './client.ts';
import { usageError } from './errors.ts';
import { githubToken } from './github-token.ts';
import type { LoginSettings, ProofSettings } from './profile.ts';
import type { Environment } from './settings.ts';

/** What proofs are found with. */
export interface ProveDeps {
  readonly environment: Environment;
  readonly transport: Transport;
  readonly now: () => Date;
  /** The text of a file; rejects if it cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
  /** What a command writes to stdout; rejects with a ClientError if it fails. */
  readonly runCommand: (command: readonly string[], signal: AbortSignal) => Promise<string>;
  /** The token of a login that was made before, renewed if it must be. */
  readonly loginToken: (login: LoginSettings, signal: AbortSignal) => Promise<Secret>;
}

/** Proves by a bearer token, which is read anew for each request. */
export const proveByToken =
  (token: (signal: AbortSignal) => Promise<Secret>): Prove =>
  async (request, signal) => ({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${(await token(signal)).reveal()}` },
  });

/** Proves by SigV4 of an access key. The server looks at no region; the service is ours. */
export const proveByKey =
  (key: () => Promise<AccessKey>, now: () => Date): Prove =>
  async (request) =>
    sign(request, await key(), { now: now(), region: 'local', service: 'credmint' });

/** The proof that the settings describe. */
export const proverOf = (proof: ProofSettings, deps: ProveDeps): Prove => {
  if ('accessKey' in proof) {
    const { id, secret, token } = proof.accessKey;
    return proveByKey(
      async () =>
        omitUndefined({
          id,
          secret: await referenced(secret, deps),
          token: token === undefined ? undefined : await referenced(token, deps),
        }),
      deps.now,
    );
  }
  return proveByToken((signal) => tokenOf(proof, deps, signal));
};

const tokenOf = async (
  proof: Exclude<ProofSettings, { accessKey: unknown }>,
  deps: ProveDeps,
  signal: AbortSignal,
): Promise<Secret> => {
  if ('token' in proof) return bearer(await referenced(proof.token, deps));
  if ('tokenCommand' in proof) return bearer(new Secret((await deps.runCommand(proof.tokenCommand, signal)).trim()));
  if ('github' in proof) return bearer(await githubToken(proof.github.audience, deps, signal));
  if ('gitlab' in proof) return bearer(await referenced(`env:${proof.gitlab.variable}`, deps));
  if ('kubernetes' in proof) return bearer(await referenced(`file:${proof.kubernetes.path}`, deps));
  return bearer(await deps.loginToken(proof.login, signal));
};

/** A token as RFC 6750 lets it be sent: anything else would break the header that it stands in. */
const bearer = (token: Secret): Secret => {
  if (/^[A-Za-z0-9._~+/-]+=*$/.test(token.reveal())) return token;
  throw usageError('What should be a token is empty, or holds characters that no token has.', 'NoProof');
};

/** The value of `env:NAME` or `file:PATH`, read now: tokens are replaced while a program runs. */
const referenced = async (reference: string, { environment, readFile }: ProveDeps): Promise<Secret> => {
  const place = reference.slice(reference.indexOf(':') + 1);
  if (reference.startsWith('env:')) {
    // A secret of Kubernetes that `echo` made has the newline in its variable, too.
    const value = environment[place]?.trim() ?? '';
    if (value === '') throw usageError(`The variable ${place} is not set.`, 'NoProof');
    return new Secret(value);
  }
  return new Secret(
    (
      await readFile(place).catch(() => {
        throw usageError(`The file ${place} cannot be read.`, 'NoProof');
      })
    ).trim(),
  );
};
