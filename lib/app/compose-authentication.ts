import { type Authenticate, authenticator } from '../auth/authenticate.ts';
import { byPlatform } from '../auth/gateway/by-platform.ts';
import { byJwt } from '../auth/jwt/by-jwt.ts';
import { byPassword } from '../auth/keys/by-password.ts';
import { bySignature } from '../auth/keys/by-signature.ts';
import type { KeysById } from '../auth/keys/caller-keys.ts';
import type { Logins } from '../auth/keys/logins.ts';
import type { Authority } from '../authority/authority.ts';
import type { Config } from '../config/load.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { nodeDocuments } from '../transport/public-documents.ts';
import type { AppDeps } from './deps.ts';
import type { LeaseReaderFactory } from './function-spec.ts';

interface AuthenticationParts {
  readonly keys: KeysById;
  readonly authority: Authority | undefined;
  readonly logins: Logins | undefined;
  readonly readToken: ReturnType<LeaseReaderFactory>['readToken'] | undefined;
}

/** Every way by which the callers of a configuration can prove who they are. */
export const composeAuthentication = (
  config: Config,
  { keys, authority, logins, readToken }: AuthenticationParts,
  { documents, store, proxies }: Pick<AppDeps, 'documents' | 'store' | 'proxies'>,
): Authenticate =>
  authenticator({
    signature: bySignature(
      keys,
      (accessKeyId, token, at) => {
        if (authority === undefined) throw new StsError('InvalidToken');
        return authority.open(accessKeyId, token, at);
      },
      store,
    ),
    password: byPassword(keys),
    jwt: byJwt(config.jwtRules, { documents: documents ?? nodeDocuments(omitUndefined({ proxies })), store }),
    platform: byPlatform(config.platform, config.issuer?.url),
    ...omitUndefined({ logins, readToken }),
  });
