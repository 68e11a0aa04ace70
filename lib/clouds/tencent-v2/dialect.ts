import type { Dialect } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { type HttpRequest, signedPaths } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { leftUnsigned } from '../../signers/qcloud-hmac.ts';
import { qcloudHmacProof } from '../../signers/qcloud-hmac-proof.ts';
import { readMultipart } from '../../wire/multipart.ts';
import type { Params } from '../../wire/query.ts';
import { formParams, queryParams } from '../parameters.ts';
import { type Reader, reader } from '../reader.ts';
import { refuseNarrowing } from '../refuse-narrowing.ts';
import { placesOf, policyText, refuseAmbiguous } from '../tencent.ts';
import { known, path, rules, seconds } from './limits.ts';
import { render, renderError } from './render.ts';

/** Tencent Cloud API 2.0, as its SDKs speak it. */
export const dialect: Dialect = {
  id: 'tencent-v2',
  recognizes: (request) => request.path === path,
  parse: (context) => {
    const params = paramsOf(context.request);
    const { method } = context.request;
    refuseUnsigned(method, params);
    refuseAmbiguous(params, /^[Pp]olicy$/);
    return {
      request: requestOf(params),
      proof: qcloudHmacProof({ method, params }, '2.0', placesOf(context, signedPaths({ ...context.request, path }))),
    };
  },
  render,
  renderError,
};

/** The parameters of the query or of the body, never of both: a signature covers one set of them. */
const paramsOf = (request: HttpRequest): Params => {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new StsError('MethodNotAllowed', 'The method must be GET or POST.');
  }
  const query = queryParams(request);
  if (request.body === '') return query;
  if (request.method === 'GET') throw new StsError('InvalidRequest', 'This request must not have a body.');
  if (query.size > 0) throw new StsError('InvalidRequest', 'Parameters stand in the query and in the body.');
  const type = request.headers['content-type'] ?? '';
  if (!type.trim().toLowerCase().startsWith('multipart/')) return formParams(request);
  // The Java SDK posts its parameters so.
  const reading = readMultipart(type, request.body);
  if ('fault' in reading) throw new StsError('InvalidRequest', `The parameters cannot be read: ${reading.fault}.`);
  return reading.params;
};

/** A proxy could add such a value to a POST, as it is not signed. */
const refuseUnsigned = (method: string, params: Params): void => {
  for (const [name, value] of params) {
    if (known.has(name) && leftUnsigned(method, value)) {
      throw new StsError('InvalidParameter', 'A value that begins with @ is not signed in a POST.', {
        parameter: name,
      });
    }
  }
};

const requestOf = (params: Params): TokenRequest => {
  refuseNarrowing(params, (name) => known.has(name));
  const read = reader(params);
  const operation = read.optional('Action');
  if (operation === undefined) throw new StsError('MissingOperation', 'Action is missing.', { parameter: 'Action' });
  switch (operation) {
    case 'AssumeRole':
      refusePolicy(params);
      return {
        operation,
        role: read.required('roleArn', rules.roleArn),
        sessionName: read.required('roleSessionName', rules.roleSessionName),
        ...read.lifetime('durationSeconds', seconds[operation]),
      };
    case 'GetFederationToken':
      return {
        operation,
        name: read.required('name', rules.name),
        policy: policyOf(read),
        ...read.lifetime('durationSeconds', seconds[operation]),
      };
    default:
      throw new StsError('UnknownOperation', 'There is no such Action in version 2.0.', { parameter: 'Action' });
  }
};

/** AssumeRole takes no policy in this edition. To ignore one would grant what it was meant to take away. */
const refusePolicy = (params: Params): void => {
  for (const parameter of ['policy', 'Policy']) {
    if (!params.has(parameter)) continue;
    throw new StsError('UnknownParameter', `${parameter} is not known to AssumeRole in version 2.0.`, { parameter });
  }
};

const policyOf = (read: Reader): string => {
  const upper = read.narrowing('Policy');
  if (upper !== undefined && read.narrowing('policy') !== undefined) {
    throw new StsError('InvalidParameter', 'There must be one of Policy and policy.', { parameter: 'policy' });
  }
  return policyText(upper ?? read.required('policy'), 'policy');
};
