import type { Proof } from '../../core/caller.ts';
import type { Dialect } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { verify } from '../../signers/ucloud-sha1.ts';
import type { Params } from '../../wire/query.ts';
import { refuseUnknown } from '../parameters.ts';
import { reader } from '../reader.ts';
import { maxPolicyCharacters, rules, seconds } from './limits.ts';
import { peek, signedParams, textParams } from './params.ts';
import { render, renderError } from './render.ts';

/** UCloud's AssumeRole, as its SDKs speak it. https://docs.ucloud.cn/api/sts-api/assume_role */
export const dialect: Dialect = {
  id: 'ucloud',
  recognizes: (request) => {
    if (request.path !== '/') return false;
    const params = peek(request);
    return (
      Object.hasOwn(params, 'PublicKey') && (Object.hasOwn(params, 'Action') || Object.hasOwn(params, 'Signature'))
    );
  },
  parse: ({ request }) => {
    const params = textParams(signedParams(request));
    return { request: requestOf(params), proof: proofOf(params, request) };
  },
  render,
  renderError,
};

/**
 * Names and values are signed in one run, in the order of the names: `ab` + `c` like `a` + `bc`. Whoever holds a request
 * on its way could cut it up anew, so only these names are known. `Zone` is not among them: it stands behind RoleUrn,
 * whose end it could be cut from, and nothing here depends on it. Region and ProjectId, which the SDKs send with every
 * request, stand where no free text is cut: behind a key id that is looked up, and behind a policy that is whole JSON.
 */
const known = new Set([
  'Action',
  'PublicKey',
  'Signature',
  'SecurityToken',
  'Region',
  'ProjectId',
  'RoleUrn',
  'RoleSessionName',
  'DurationSeconds',
  'Policy',
]);

/** Parameters whose values no cut can leave as they must be: they are looked up, opened, or must be whole JSON. */
const provesItself = new Set(['PublicKey', 'Signature', 'SecurityToken', 'Policy']);
const cutNames = [...known, 'Zone'];

/**
 * Refuses a value that holds the name of its parameter or of one that is signed behind it: the same signature would be over
 * a shorter value and that parameter, or was.
 */
const refuseCut = (params: Params): void => {
  for (const [parameter, value] of params) {
    if (provesItself.has(parameter)) continue;
    if (cutNames.some((name) => name >= parameter && value.includes(name))) {
      throw new StsError('InvalidParameter', `${parameter} must not hold the name of a parameter.`, { parameter });
    }
  }
};

/** Operations that other systems have, and UCloud does not. */
const elsewhere = new Set([
  'GetFederationToken',
  'GetSessionToken',
  'GetCallerIdentity',
  'AssumeRoleWithWebIdentity',
  'AssumeRoleWithSAML',
]);

const requestOf = (params: Params): TokenRequest => {
  const read = reader(params);
  const operation = read.optional('Action');
  if (operation === undefined) throw new StsError('MissingOperation', 'Action is missing.', { parameter: 'Action' });
  if (elsewhere.has(operation)) {
    throw new StsError('UnsupportedOperation', `UCloud has no ${operation}.`, { parameter: 'Action' });
  }
  if (operation !== 'AssumeRole') {
    throw new StsError('UnknownOperation', 'There is no such Action.', { parameter: 'Action' });
  }
  refuseUnknown(params.keys(), (name) => known.has(name));
  refuseCut(params);
  return {
    operation,
    role: read.required('RoleUrn', rules.roleArn),
    sessionName: read.required('RoleSessionName', rules.roleSessionName),
    ...read.lifetime('DurationSeconds', seconds),
    ...omitUndefined<Partial<TokenRequest<'AssumeRole'>>>({ policy: read.policy('Policy', maxPolicyCharacters) }),
  };
};

/** The scheme has no clock and no nonce, so the proof has neither: what was signed once is valid as long as its key. */
const proofOf = (params: Params, request: HttpRequest): Proof => {
  if ((params.get('Signature') ?? '') === '') return { kind: 'none' };
  const accessKeyId = params.get('PublicKey') ?? '';
  if (accessKeyId === '') throw new StsError('MalformedAuthorization', 'The PublicKey is empty.');
  const token = params.get('SecurityToken') ?? '';
  return {
    kind: 'signature',
    scheme: 'ucloud-sha1',
    accessKeyId,
    ...(token === '' ? {} : { sessionToken: new Secret(token) }),
    verify: (secret) => verify(signedParams(request), secret),
  };
};
