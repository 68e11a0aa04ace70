import type { Proof } from '../../core/caller.ts';
import type { Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { offersVolc } from '../../signers/volc-hmac.ts';
import { volcHmacProof } from '../../signers/volc-hmac-proof.ts';
import type { Params } from '../../wire/query.ts';
import { namedAction } from '../named-action.ts';
import { peekForm, peekQuery, queryAndForm, refuseUnknown } from '../parameters.ts';
import { reader } from '../reader.ts';
import { signedPlaces } from '../signed-hosts.ts';
import { actions, elsewhere, maxPolicyCharacters, parameters, rules, seconds, version } from './limits.ts';
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
  const action = namedAction({ version, actions, elsewhere }, params.get('Action'), params.get('Version'));
  const own = new Map([...params].filter(([name]) => name !== 'Action' && name !== 'Version'));
  refuseUnknown(
    own.keys(),
    (name) => parameters[action].has(name) || (action === 'AssumeRole' && /^Tags\.[1-9]\d?\.(Key|Value)$/.test(name)),
  );
  const read = reader(own);
  const operation = actions[action];
  if (operation === 'GetCallerIdentity') return { operation };
  const wanted = {
    role: read.required('RoleTrn', rules.roleArn),
    sessionName: read.required('RoleSessionName', rules.roleSessionName),
    ...read.lifetime('DurationSeconds', seconds[operation]),
    ...omitUndefined({ policy: read.policy('Policy', maxPolicyCharacters) }),
  };
  return operation === 'AssumeRole'
    ? { operation, ...wanted, ...read.tags('Tags', 1, ['Key', 'Value'], rules.tags) }
    : { operation, ...wanted, webIdentityToken: new Secret(read.token('OIDCToken', rules.oidcToken)) };
};

/** An identity token is its own proof; a signature beside it is not looked at. */
const proofOf = (context: DialectContext, asked: TokenRequest): Proof => {
  const { request, requireSignedHost = false } = context;
  if (asked.operation === 'AssumeRoleWithWebIdentity') return { kind: 'jwt', token: asked.webIdentityToken };
  if (!offersVolc(request)) return unsigned(request);
  return volcHmacProof(request, signedPlaces(context), requireSignedHost);
};

const unsigned = (request: HttpRequest): Proof => {
  if (request.headers['authorization'] === undefined) return { kind: 'none' };
  throw new StsError('MalformedAuthorization', 'The signature must be HMAC-SHA256.');
};
