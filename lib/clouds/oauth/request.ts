import type { Proof } from '../../core/caller.ts';
import type { DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { type Params, readQuery } from '../../wire/query.ts';
import { proofOf } from '../json/proof.ts';
import { type Reader, reader } from '../reader.ts';
import { refuseNarrowing } from '../refuse-narrowing.ts';

/** The grant type of a token exchange (RFC 8693, 2.1). */
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The types of tokens that are taken as proof, and the one that is given (RFC 8693, 3). */
export const jwtType = 'urn:ietf:params:oauth:token-type:jwt';
const tokenTypes: ReadonlySet<string> = new Set([
  jwtType,
  'urn:ietf:params:oauth:token-type:id_token',
  'urn:ietf:params:oauth:token-type:access_token',
]);

/** Our own type: temporary credentials of a cloud, as the JSON text that AWS's `credential_process` has. */
export const credentialsType = 'urn:credmint:params:oauth:token-type:credentials';

const maxTargets = 10;
const rules = {
  token: { min: 1, max: 20_000 },
  target: { min: 1, max: 2048 },
  sessionName: { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
  durationSeconds: { min: 1, max: 604_800 },
} as const;

/**
 * The parameters of a form. `audience` and `resource` may come several times (RFC 8693, 2.1);
 * any other parameter that comes twice is refused (RFC 6749, 3.2).
 */
const parametersOf = ({ method, query, headers, body }: HttpRequest): Params => {
  if (method !== 'POST') throw new StsError('MethodNotAllowed', 'The method must be POST.');
  if (query !== '') throw new StsError('InvalidRequest', 'The parameters must be in the body.');
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw new StsError('InvalidRequest', 'The body must be application/x-www-form-urlencoded.');
  }
  const reading = readQuery(body, ['audience', 'resource']);
  if ('fault' in reading) throw new StsError('InvalidRequest', `The parameters cannot be read: ${reading.fault}.`);
  return reading.params;
};

const refuseType = (read: Reader, name: string): void => {
  const type = read.required(name, rules.target);
  if (!tokenTypes.has(type)) {
    throw new StsError('InvalidParameter', `${name} must be ${jwtType} or the like.`, { parameter: name });
  }
};

/** The token of a parameter, whose type must be said too; undefined if there is none. */
const tokenOf = (read: Reader, name: 'subject_token' | 'actor_token'): Secret | undefined => {
  const text = read.optionalToken(name, rules.token);
  if (text === undefined) return undefined;
  refuseType(read, `${name}_type`);
  return new Secret(text);
};

/** What a token exchange asks for, and the proof of who asks: its subject token, or that of the request itself. */
export const readExchange = (context: DialectContext): { readonly request: TokenRequest; readonly proof: Proof } => {
  const params = parametersOf(context.request);
  const read = reader(params);
  if (read.required('grant_type', rules.target) !== grantType) {
    throw new StsError('UnsupportedOperation', `grant_type must be ${grantType}.`, { parameter: 'grant_type' });
  }
  // A scope that is empty asks for nothing in particular.
  refuseNarrowing(params, (name, value) => name === 'duration_seconds' || (name === 'scope' && value === ''));
  const subject = tokenOf(read, 'subject_token');
  const own = proofOf(context, false);
  // Of two proofs, each reader could take another one.
  if (subject !== undefined && own.kind !== 'none') {
    throw new StsError('InvalidRequest', 'The request must have a subject_token or an Authorization, not both.');
  }
  return { request: requestOf(read), proof: subject === undefined ? own : { kind: 'jwt', token: subject } };
};

const requestOf = (read: Reader): TokenRequest => {
  const audiences = read.list('audience', 0, maxTargets, (name) => read.required(name, rules.target));
  const resources = read.list('resource', 0, maxTargets, (name) => read.required(name, rules.target));
  const durationSeconds = read.seconds('duration_seconds', rules.durationSeconds);
  const type = read.optional('requested_token_type', rules.target) ?? jwtType;
  const actorToken = tokenOf(read, 'actor_token');
  if (type === credentialsType) {
    const [[account, ...accounts], [role, ...roles]] = [audiences, resources];
    if (role === undefined) throw new StsError('MissingParameter', 'resource is missing.', { parameter: 'resource' });
    if (accounts.length > 0 || roles.length > 0 || actorToken !== undefined) {
      throw new StsError('InvalidRequest', 'Credentials are of one account and one role, and have no actor.');
    }
    const sessionName = read.optional('session_name', rules.sessionName) ?? 'token-exchange';
    return omitUndefined<TokenRequest>({ operation: 'AssumeRole', role, sessionName, account, durationSeconds });
  }
  if (!tokenTypes.has(type)) {
    throw new StsError('InvalidParameter', 'This type of token is not given.', { parameter: 'requested_token_type' });
  }
  const targets = [...audiences, ...resources];
  if (targets.length === 0) throw new StsError('MissingParameter', 'audience is missing.', { parameter: 'audience' });
  return omitUndefined<TokenRequest>({ operation: 'IssueToken', audiences: targets, durationSeconds, actorToken });
};
