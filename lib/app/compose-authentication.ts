import { type Authenticate, authenticator } from '../auth/authenticate.ts';
import { byPlatform } from '../auth/gateway/by-platform.ts';
import { byJwt } from '../auth/jwt/by-jwt.ts';
import { rememberKeySources } from '../auth/jwt/key-sources.ts';
import { byPassword } from '../auth/keys/by-password.ts';
import { bySignature } from '../auth/keys/by-signature.ts';
import type { KeysById } from '../auth/keys/caller-keys.ts';
import type { Logins } from '../auth/keys/logins.ts';
import type { Authority } from '../authority/authority.ts';
import type { Config } from '../config/load.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { nodeDocuments } from '../transport/public-documents.ts';
import { type ClockDeps, clockOf } from './clock.ts';
import type { AppDeps } from './deps.ts';
import type { LeaseReaderFactory } from './function-spec.ts';

interface AuthenticationParts {
  readonly keys: KeysById;
  readonly authority: Authority | undefined;
  readonly logins: Logins | undefined;
  readonly readToken: ReturnType<LeaseReaderFactory>['readToken'] | undefined;
}

type AuthenticationDeps = Pick<AppDeps, 'documents' | 'store' | 'proxies' | 'outlasting'> & ClockDeps;

/** The ways of proving who asks. A function is built without those by which its configuration proves nobody. */
const ways = {
  signature: (_config: Config, { keys, authority }: AuthenticationParts, { store }: AuthenticationDeps) =>
    bySignature(
      keys,
      (accessKeyId, token, at) => {
        if (authority === undefined) throw new StsError('InvalidToken');
        return authority.open(accessKeyId, token, at);
      },
      store,
    ),
  password: (_config: Config, { keys }: AuthenticationParts) => byPassword(keys),
  jwt: ({ jwtRules }: Config, _parts: AuthenticationParts, deps: AuthenticationDeps) => {
    const { store, proxies, outlasting = {} } = deps;
    const documents = deps.documents ?? nodeDocuments(omitUndefined({ proxies }));
    outlasting.keySources ??= rememberKeySources(documents);
    const { monotonicMs } = clockOf(deps);
    return byJwt(jwtRules, { store, monotonicMs, keySources: outlasting.keySources });
  },
  platform: ({ platform, issuer }: Config) => byPlatform(platform, issuer?.url),
};

/** Every way by which the callers of a configuration can prove who they are. */
export const composeAuthentication = (
  config: Config,
  parts: AuthenticationParts,
  deps: AuthenticationDeps,
): Authenticate => {
  const { signature, password, jwt, platform }: Partial<typeof ways> = ways;
  const { logins, readToken } = parts;
  return authenticator(
    omitUndefined({
      signature: signature?.(config, parts, deps),
      password: password?.(config, parts),
      jwt: jwt?.(config, parts, deps),
      platform: platform?.(config),
      logins,
      readToken,
    }),
  );
};
