import type { Proof } from '../../core/caller.ts';
import type { Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Tag, TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { offersVolc } from '../../signers/volc-hmac.ts';
import { volcHmacProof } from '../../signers/volc-hmac-proof.ts';
import type { Params } from '../../wire/query.ts';
import { peekForm, peekQuery, queryAndForm, type Reader, reader, refuseUnknown } from '../parameters.ts';
import { signedHosts } from '../signed-hosts.ts';
import {
  type Action,
  actions,
  elsewhere,
  maxPolicyCharacters,
  maxTags,
  parameters,
  rules,
  seconds,
  version,
} from './limits.ts';
import { render, renderError } from './render.ts';

/** The STS of Volcengine and BytePlus, as their SDKs speak it. https://www.volcengine.com/docs/6257/86374 */
export const dialect: Dialect = {
  id: 'volcengine',
  recognizes: (request) =>
    offersVolc(request) ||
    peekQuery(request).get('Version') === version ||
    peekForm(request).get('Version') === version,
  parse: (context) => {
    const request = requestOf(queryAndForm(context.request, false));
    return { request, proof: proofOf(context, request) };
  },
  render,
  renderError,
};

const requestOf = (params: Params): TokenRequest => {
  const action = actionOf(params.get('Action'), params.get('Version'));
  const own = new Map([...params].filter(([name]) => name !== 'Action' && name !== 'Version'));
  refuseUnknown(
    own.keys(),
    (name) => parameters[action].has(name) || (action === 'AssumeRole' && /^Tags\.[1-9]\d?\.(Key|Value)$/.test(name)),
  );
  const read = reader(own);
  const operation = actions[action];
  if (operation === 'GetCallerIdentity') return { operation };
  const wanted = {
    role: read.required('RoleTrn', rules.roleTrn),
    sessionName: read.required('RoleSessionName', rules.roleSessionName),
    defaultDurationSeconds: seconds[operation].default,
    ...omitUndefined({
      durationSeconds: read.seconds('DurationSeconds', seconds[operation]),
      policy: policyOf(read),
    }),
  };
  return operation === 'AssumeRole'
    ? { operation, ...wanted, ...tagging(read) }
    : { operation, ...wanted, webIdentityToken: new Secret(read.required('OIDCToken', rules.oidcToken).trim()) };
};

const actionOf = (action: string | undefined, asks: string | undefined): Action => {
  if (!action) throw new StsError('MissingOperation', 'Action is missing.', { parameter: 'Action' });
  if (!asks) throw new StsError('MissingParameter', 'Version is missing.', { parameter: 'Version' });
  if (asks !== version) {
    throw new StsError('UnsupportedVersion', `The Version must be ${version}.`, { parameter: 'Version' });
  }
  if (Object.hasOwn(actions, action)) return action as Action;
  throw elsewhere.has(action)
    ? new StsError('UnsupportedOperation', 'This server does not have this Action.', { parameter: 'Action' })
    : new StsError('UnknownOperation', 'There is no such Action.', { parameter: 'Action' });
};

const policyOf = (read: Reader): string | undefined => {
  const policy = read.narrowing('Policy');
  if (policy !== undefined && policy.length > maxPolicyCharacters) {
    throw new StsError('PolicyTooLarge', `Policy may have ${maxPolicyCharacters} characters.`, { parameter: 'Policy' });
  }
  return policy;
};

const tagging = (read: Reader): { readonly tags?: readonly Tag[] } => {
  const tags = read.list('Tags', 1, maxTags, (name) => ({
    key: read.required(`${name}.Key`, rules.tagKey),
    value: read.optional(`${name}.Value`, rules.tagValue) ?? '',
  }));
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) {
    throw new StsError('InvalidParameter', 'Tags must have unique keys.', { parameter: 'Tags' });
  }
  return tags.length === 0 ? {} : { tags };
};

/** An identity token is its own proof; a signature beside it is not looked at. */
const proofOf = (context: DialectContext, asked: TokenRequest): Proof => {
  const { request, requireSignedHost = false } = context;
  if (asked.operation === 'AssumeRoleWithWebIdentity') return { kind: 'jwt', token: asked.webIdentityToken };
  if (!offersVolc(request)) return unsigned(request);
  // The path of the API is always `/`: the prefix of a gateway before us is not signed.
  const hosts = signedHosts(context);
  const places = [...new Set([request.path, '/'])].flatMap((path) => hosts.map((host) => ({ host, path })));
  return volcHmacProof(request, places, requireSignedHost);
};

const unsigned = (request: HttpRequest): Proof => {
  if (request.headers['authorization'] === undefined) return { kind: 'none' };
  throw new StsError('MalformedAuthorization', 'The signature must be HMAC-SHA256.');
};
