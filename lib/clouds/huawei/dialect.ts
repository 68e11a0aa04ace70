import type { Proof } from '../../core/caller.ts';
import type { Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { type HttpRequest, signedPaths } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Tag, TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { offersHuawei } from '../../signers/huawei-hmac.ts';
import { huaweiHmacProof } from '../../signers/huawei-hmac-proof.ts';
import { queryParams, type Reader, reader } from '../parameters.ts';
import { signedHosts } from '../signed-hosts.ts';
import { bodyParams } from './body.ts';
import { maxPolicyCharacters, maxPolicyIds, maxTags, rules, seconds } from './limits.ts';
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
    role: read.required('agency_urn', rules.urn),
    sessionName: read.required('agency_session_name', rules.sessionName),
    defaultDurationSeconds: seconds[operation].default,
    ...omitUndefined({
      durationSeconds: read.seconds('duration_seconds', seconds[operation]),
      policy: policyOf(read),
      policyArns: someOf(read.list('policy_ids', 1, maxPolicyIds, (name) => read.required(name, rules.policyId))),
    }),
  };
  if (operation === 'AssumeRoleWithWebIdentity') {
    return {
      operation,
      ...wanted,
      webIdentityToken: new Secret(read.required('id_token', rules.idToken)),
      providerId: read.required('provider_urn', rules.urn),
    };
  }
  const tokenCode = read.optional('token_code', rules.tokenCode);
  return {
    operation,
    ...wanted,
    ...omitUndefined<Partial<TokenRequest<'AssumeRole'>>>({
      tags: tagsOf(read),
      transitiveTagKeys: someOf(
        read.list('transitive_tag_keys', 1, maxTags, (name) => read.required(name, rules.tagKey)),
      ),
      externalId: read.optional('external_id', rules.externalId),
      sourceIdentity: read.optional('source_identity', rules.sourceIdentity),
      serialNumber: read.optional('serial_number', rules.serialNumber),
      tokenCode: tokenCode === undefined ? undefined : new Secret(tokenCode),
    }),
  };
};

const policyOf = (read: Reader): string | undefined => {
  const policy = read.narrowing('policy');
  if (policy !== undefined && policy.length > maxPolicyCharacters) {
    throw new StsError('PolicyTooLarge', `policy may have ${maxPolicyCharacters} characters.`, { parameter: 'policy' });
  }
  return policy;
};

const tagsOf = (read: Reader): readonly Tag[] | undefined => {
  const tags = read.list('tags', 1, maxTags, (name) => ({
    key: read.required(`${name}.key`, rules.tagKey),
    value: read.optional(`${name}.value`, rules.tagValue) ?? '',
  }));
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) {
    throw new StsError('InvalidParameter', 'tags must have unique keys.', { parameter: 'tags' });
  }
  return someOf(tags);
};

const someOf = <Item>(list: readonly Item[]): readonly Item[] | undefined => (list.length === 0 ? undefined : list);

/** An identity token is its own proof; a signature beside it is not looked at. */
const proofOf = (context: DialectContext, asked: TokenRequest): Proof => {
  const { request } = context;
  if (asked.operation === 'AssumeRoleWithWebIdentity') return { kind: 'jwt', token: asked.webIdentityToken };
  if (!offersHuawei(request)) {
    if (request.headers['authorization'] === undefined) return { kind: 'none' };
    throw new StsError('MalformedAuthorization', 'The signature must be SDK-HMAC-SHA256 or V11-HMAC-SHA256.');
  }
  const hosts = signedHosts(context);
  const asSent = [...new Set([...signedPaths(request), ownPath(request.path)])];
  return huaweiHmacProof(
    request,
    asSent.flatMap((path) => hosts.map((host) => ({ host, path }))),
  );
};
