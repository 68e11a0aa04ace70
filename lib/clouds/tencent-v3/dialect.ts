import type { Asked, Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { signedPaths } from '../../core/http.ts';
import { qcloudHmacProof } from '../../signers/qcloud-hmac-proof.ts';
import { offersTc3 } from '../../signers/tc3.ts';
import { tc3Proof } from '../../signers/tc3-proof.ts';
import type { Params } from '../../wire/query.ts';
import { namedAction } from '../named-action.ts';
import { peekForm, peekQuery } from '../parameters.ts';
import { placesOf, refuseAmbiguous } from '../tencent.ts';
import { headedParameters, ownParameters, saysInHeaders, signedParameters } from './arguments.ts';
import { elsewhere, parameters, type Spoken, version } from './limits.ts';
import { render, renderError } from './render.ts';
import { requestOf } from './request.ts';

/** The path of API 2.0, whose SDKs may send a Version too. */
const olderPath = '/v2/index.php';

/** Tencent Cloud API 3.0, as its SDKs speak it. https://cloud.tencent.com/document/product/1312 */
export const dialect: Dialect = {
  id: 'tencent-v3',
  recognizes: (request) =>
    offersTc3(request) ||
    request.headers['authorization'] === 'SKIP' ||
    request.headers['x-tc-action'] !== undefined ||
    (request.path !== olderPath && (isOurs(peekQuery(request)) || isOurs(peekForm(request)))),
  parse: (context) => {
    const { method } = context.request;
    if (method !== 'GET' && method !== 'POST') {
      throw new StsError('MethodNotAllowed', 'The method must be GET or POST.');
    }
    return saysInHeaders(context.request) ? fromHeaders(context) : fromParameters(context);
  },
  render,
  renderError,
};

/** Only Tencent Cloud has a SecretId, in every version, and only its STS has this version. */
const isOurs = (params: Params): boolean => params.get('Version') === version || params.has('SecretId');

const fromHeaders = (context: DialectContext): Asked => {
  const { request } = context;
  const { headers } = request;
  const operation = namedAction(api, headers['x-tc-action'], headers['x-tc-version']);
  const own = headedParameters(request, parameters[operation]);
  return asked(operation, own, () => (offersTc3(request) ? tc3Proof(request, places(context)) : { kind: 'none' }));
};

const fromParameters = (context: DialectContext): Asked => {
  const params = signedParameters(context.request);
  const operation = namedAction(api, params.get('Action'), params.get('Version'));
  refuseAmbiguous(params, /^Policy$/);
  const own = ownParameters(params, parameters[operation]);
  return asked(operation, own, () =>
    qcloudHmacProof({ method: context.request.method, params }, '3.0', places(context)),
  );
};

/** The path of API 3.0 is always `/`: the prefix of a gateway before us is not signed. */
const places = (context: DialectContext) => placesOf(context, [...signedPaths(context.request), '/']);

const api = { version, actions: parameters, elsewhere };

/** An identity token is its own proof; a signature offered beside it is not looked at. */
const asked = (operation: Spoken, own: Params, proof: () => Asked['proof']): Asked => {
  const request = requestOf(operation, own);
  return request.operation === 'AssumeRoleWithWebIdentity'
    ? { request, proof: { kind: 'jwt', token: request.webIdentityToken } }
    : { request, proof: proof() };
};
