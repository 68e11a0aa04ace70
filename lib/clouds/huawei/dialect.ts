import type { Proof } from '../../core/caller.ts';
import type { Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { offersHuawei } from '../../signers/huawei-hmac.ts';
import { huaweiHmacProof } from '../../signers/huawei-hmac-proof.ts';
import { queryParams } from '../parameters.ts';
import { reader, someOf } from '../reader.ts';
import { signedPlaces } from '../signed-hosts.ts';
import { bodyParams } from './body.ts';
import { maxPolicyCharacters, maxPolicyIds, rules, seconds } from './limits.ts';
import { isSts5, operationAt, ownPath } from './paths.ts';
import { render, renderError } from './render.ts';

/** Huawei Cloud STS5, as its SDKs speak it. https://support.huaweicloud.com/api-iam5 */
export const dialect: Dialect = {
  id: 'huawei',
  recognizes: (request) => offersHuawei(request) || isSts5(request.path),
  parse: (context) => {
    const request = requestOf(context.request);
    return { request, proof: proofOf(context, request) };
  },
  render,
  renderError,
};

const common = ['agency_urn', 'agency_session_name', 'duration_seconds', 'policy', 'policy_ids'];
const known = {
  AssumeRole: new Set([
    ...common,
    'external_id',
    'serial_number',
    'source_identity',
    'tags',
    'token_code',
    'transitive_tag_keys',
  ]),
  AssumeRoleWithWebIdentity: new Set([...common, 'provider_urn', 'id_token']),
} as const;

const requestOf = (request: HttpRequest): TokenRequest => {
  const operation = operationAt(request);
  if (queryParams(request).size > 0) throw new StsError('InvalidRequest', 'The query must be empty.');
  if (operation === 'GetCallerIdentity') {
    if (request.body !== '') throw new StsError('InvalidRequest', 'This request must not have a body.');
    return { operation };
  }
  if (operation !== 'AssumeRole' && operation !== 'AssumeRoleWithWebIdentity') throw new StsError('NotFound');
  const read = reader(bodyParams(request, known[operation]));
  const wanted = {
    role: read.required('agency_urn', rules.roleArn),
    sessionName: read.required('agency_session_name', rules.roleSessionName),
    ...read.lifetime('duration_seconds', seconds[operation]),
    ...omitUndefined({
      policy: read.policy('policy', maxPolicyCharacters),
      policyArns: someOf(read.list('policy_ids', 1, maxPolicyIds, (name) => read.required(name, rules.policyArns))),
    }),
  };
  if (operation === 'AssumeRoleWithWebIdentity') {
    return {
      operation,
      ...wanted,
      webIdentityToken: new Secret(read.token('id_token', rules.idToken)),
      providerId: read.required('provider_urn', rules.roleArn),
    };
  }
  const tokenCode = read.narrowing('token_code', rules.tokenCode);
  return {
    operation,
    ...wanted,
    ...read.tags('tags', 1, ['key', 'value'], rules.tags),
    ...omitUndefined<Partial<TokenRequest<'AssumeRole'>>>({
      transitiveTagKeys: someOf(
        read.list('transitive_tag_keys', 1, rules.tags.most, (name) => read.required(name, rules.tags.key)),
      ),
      externalId: read.narrowing('external_id', rules.externalId),
      sourceIdentity: read.narrowing('source_identity', rules.sourceIdentity),
      serialNumber: read.narrowing('serial_number', rules.serialNumber),
      tokenCode: tokenCode === undefined ? undefined : new Secret(tokenCode),
    }),
  };
};

/** An identity token is its own proof; a signature beside it is not looked at. */
const proofOf = (context: DialectContext, asked: TokenRequest): Proof => {
  const { request } = context;
  if (asked.operation === 'AssumeRoleWithWebIdentity') return { kind: 'jwt', token: asked.webIdentityToken };
  if (!offersHuawei(request)) {
    if (request.headers['authorization'] === undefined) return { kind: 'none' };
    throw new StsError('MalformedAuthorization', 'The signature must be SDK-HMAC-SHA256 or V11-HMAC-SHA256.');
  }
  return huaweiHmacProof(request, signedPlaces(context, ownPath(request.path)));
};
