import type { Account, Provider } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { type Algorithm, sign } from '../../signers/huawei-hmac.ts';
import { seconds } from './limits.ts';
import { normalize, normalizeIdentity } from './normalize.ts';
import { isOlder, olderBody } from './older.ts';
import { paths } from './paths.ts';

/** How the account's requests are signed: by the secret itself, unless its configuration says otherwise. */
const signatureOf = ({ name, signature = 'SDK-HMAC-SHA256' }: Account): Algorithm => {
  if (signature === 'SDK-HMAC-SHA256' || signature === 'V11-HMAC-SHA256') return signature;
  throw new StsError('Misconfigured', `The account ${name} must sign by SDK-HMAC-SHA256 or V11-HMAC-SHA256.`);
};

const call = ({ endpoint }: Account, path: string, said?: object): HttpRequest => ({
  method: said === undefined ? 'GET' : 'POST',
  scheme: endpoint.protocol === 'http:' ? 'http' : 'https',
  host: endpoint.host,
  path: `${endpoint.pathname.replace(/\/$/, '')}${path}`,
  query: '',
  headers: said === undefined ? {} : { 'content-type': 'application/json' },
  body: said === undefined ? '' : JSON.stringify(said),
});

/** Huawei Cloud STS5, and the older `securitytokens` of its IAM if the account's endpoint is that path. */
export const provider: Provider = {
  operations: {
    AssumeRole: {
      seconds: seconds.AssumeRole,
      encode: (request, account) =>
        isOlder(account)
          ? call(account, '', olderBody(request, account))
          : call(
              account,
              paths.AssumeRole,
              omitUndefined({
                agency_urn: request.role,
                agency_session_name: request.sessionName,
                duration_seconds: request.durationSeconds,
                policy: request.policy,
                policy_ids: request.policyArns,
                tags: request.tags?.map(({ key, value }) => ({ key, value })),
                transitive_tag_keys: request.transitiveTagKeys,
                external_id: request.externalId,
                source_identity: request.sourceIdentity,
                serial_number: request.serialNumber,
                token_code: request.tokenCode?.reveal(),
              }),
            ),
    },
    AssumeRoleWithWebIdentity: {
      seconds: seconds.AssumeRoleWithWebIdentity,
      encode: (request, account) => {
        const providerUrn = request.providerId ?? account.webIdentity?.providerId;
        if (providerUrn === undefined) {
          throw new StsError('MissingParameter', 'A provider id is required by this system.');
        }
        if (isOlder(account)) {
          throw new StsError('UnsupportedOperation', 'The older API of this system takes no identity token.');
        }
        return call(
          account,
          paths.AssumeRoleWithWebIdentity,
          omitUndefined({
            provider_urn: providerUrn,
            agency_urn: request.role,
            agency_session_name: request.sessionName,
            id_token: request.webIdentityToken.reveal(),
            duration_seconds: request.durationSeconds,
            policy: request.policy,
            policy_ids: request.policyArns,
          }),
        );
      },
    },
  },
  sign: (request, account, key, { now }) =>
    sign(request, key, {
      now,
      ...(signatureOf(account) === 'V11-HMAC-SHA256'
        ? { derived: { region: account.region ?? 'cn-north-4', service: 'sts' } }
        : {}),
    }),
  normalize,
  identity: {
    encode: (account) => {
      if (isOlder(account))
        throw new StsError('UnsupportedOperation', 'The older API of this system has no such call.');
      return call(account, paths.GetCallerIdentity);
    },
    normalize: normalizeIdentity,
  },
};
