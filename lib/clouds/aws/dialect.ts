import type { Proof } from '../../core/caller.ts';
import type { Asked, Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { sigv4Proof } from '../../signers/sigv4-proof.ts';
import { offersSigv4 } from '../../signers/sigv4-verify.ts';
import type { Params } from '../../wire/query.ts';
import { peekForm, peekQuery, queryAndForm } from '../parameters.ts';
import { type Reader, reader, someOf } from '../reader.ts';
import { refuseNarrowing } from '../refuse-narrowing.ts';
import { signedHosts } from '../signed-hosts.ts';
import { maxAudiences, maxPolicyArns, maxPolicyCharacters, rules, seconds, tokenSeconds, version } from './limits.ts';
import { render, renderError } from './render.ts';

/** AWS STS Query protocol, as SDKs speak it. https://docs.aws.amazon.com/STS/latest/APIReference/ */
export const dialect: Dialect = {
  id: 'aws',
  recognizes: (request) =>
    offersSigv4(request) ||
    peekQuery(request).get('Version') === version ||
    peekForm(request).get('Version') === version,
  parse: (context) => {
    // A presigned URL does not sign its body, so nothing may be said there.
    const presigned = peekQuery(context.request).has('X-Amz-Signature');
    const request = requestOf(queryAndForm(context.request, presigned));
    return { request, proof: proofOf(context, request) };
  },
  render,
  renderError,
};

const requestOf = (params: Params): TokenRequest => {
  const read = reader(params);
  const operation = read.optional('Action');
  if (operation === undefined) throw new StsError('MissingOperation', 'Action is missing.', { parameter: 'Action' });
  const asked = params.get('Version');
  if (asked !== undefined && asked !== version) {
    throw new StsError('UnsupportedVersion', `The Version must be ${version}.`, { parameter: 'Version' });
  }
  refuseNarrowing(params, (name, value) => isRead(operation, name, value));
  switch (operation) {
    case 'AssumeRole':
      return {
        operation,
        role: read.required('RoleArn', rules.roleArn),
        sessionName: read.required('RoleSessionName', rules.roleSessionName),
        ...read.lifetime('DurationSeconds', seconds[operation]),
        ...narrowing(read),
        ...tagging(read),
        ...omitUndefined<Partial<TokenRequest<'AssumeRole'>>>({
          externalId: read.narrowing('ExternalId', rules.externalId),
          sourceIdentity: read.narrowing('SourceIdentity', rules.sourceIdentity),
          transitiveTagKeys: someOf(
            read.list('TransitiveTagKeys.member', 1, rules.tags.most, (name) => read.required(name, rules.tags.key)),
          ),
        }),
        ...secondFactor(read),
      };
    case 'AssumeRoleWithWebIdentity':
      return {
        operation,
        role: read.required('RoleArn', rules.roleArn),
        sessionName: read.required('RoleSessionName', rules.roleSessionName),
        webIdentityToken: new Secret(read.token('WebIdentityToken', rules.webIdentityToken)),
        ...read.lifetime('DurationSeconds', seconds[operation]),
        ...narrowing(read),
        ...omitUndefined<Partial<TokenRequest<'AssumeRoleWithWebIdentity'>>>({
          providerId: read.narrowing('ProviderId', rules.providerId),
        }),
      };
    case 'GetFederationToken':
      return {
        operation,
        name: read.required('Name', rules.name),
        ...read.lifetime('DurationSeconds', seconds[operation]),
        ...narrowing(read),
        ...tagging(read),
      };
    case 'GetSessionToken':
      return { operation, ...read.lifetime('DurationSeconds', seconds[operation]), ...secondFactor(read) };
    case 'GetWebIdentityToken':
      return webIdentityToken(read);
    case 'GetCallerIdentity':
      return { operation };
    default:
      throw new StsError('UnknownOperation', `There is no such Action in version ${version}.`, {
        parameter: 'Action',
      });
  }
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html */
const webIdentityToken = (read: Reader): TokenRequest<'IssueToken'> => {
  const audiences = read.list('Audience.member', 1, maxAudiences, (name) => read.required(name, rules.audience));
  if (audiences.length === 0) throw new StsError('MissingParameter', 'Audience is missing.', { parameter: 'Audience' });
  const algorithm = read.required('SigningAlgorithm');
  if (algorithm !== 'RS256' && algorithm !== 'ES384') {
    throw new StsError('InvalidParameter', 'SigningAlgorithm must be RS256 or ES384.', {
      parameter: 'SigningAlgorithm',
    });
  }
  return {
    operation: 'IssueToken',
    audiences,
    algorithm,
    ...tagging(read),
    ...omitUndefined({ durationSeconds: read.seconds('DurationSeconds', tokenSeconds) }),
  };
};

const policies = ['Policy', 'PolicyArns.member.', 'DurationSeconds'];
const secondFactors = ['SerialNumber', 'TokenCode'];

/** What makes a request ask for less, by operation; lists by the beginning of their names. */
const narrowings: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'AssumeRole',
    [...policies, ...secondFactors, 'Tags.member.', 'TransitiveTagKeys.member.', 'ExternalId', 'SourceIdentity'],
  ],
  ['AssumeRoleWithWebIdentity', policies],
  ['GetFederationToken', [...policies, 'Tags.member.']],
  ['GetSessionToken', [...secondFactors, 'DurationSeconds']],
  ['GetWebIdentityToken', ['Tags.member.', 'DurationSeconds']],
]);

/** Whether an operation reads a parameter; one that gives nothing has nothing to lose. botocore writes an empty list as `Tags=`. */
const isRead = (operation: string, name: string, value: string): boolean =>
  narrowings.get(operation)?.some((one) => (one.endsWith('.') ? name.startsWith(one) : name === one)) !== false ||
  (value === '' && /^(PolicyArns|Tags|TransitiveTagKeys)$/.test(name));

const narrowing = (read: Reader) => {
  const policy = read.narrowing('Policy', rules.policyCharacters);
  const policyArns = read.list('PolicyArns.member', 1, maxPolicyArns, (name) =>
    read.required(`${name}.arn`, rules.policyArns),
  );
  const characters = [policy ?? '', ...policyArns].reduce((sum, text) => sum + text.length, 0);
  if (characters > maxPolicyCharacters) {
    throw new StsError('PolicyTooLarge', `Policies may have ${maxPolicyCharacters} characters together.`, {
      parameter: 'Policy',
    });
  }
  return omitUndefined({ policy, policyArns: someOf(policyArns) });
};

const tagging = (read: Reader) => read.tags('Tags.member', 1, ['Key', 'Value'], rules.tags);

const secondFactor = (read: Reader) => {
  const tokenCode = read.narrowing('TokenCode', rules.tokenCode);
  return omitUndefined({
    serialNumber: read.narrowing('SerialNumber', rules.serialNumber),
    tokenCode: tokenCode === undefined ? undefined : new Secret(tokenCode),
  });
};

const proofOf = (context: DialectContext, asked: Asked['request']): Proof => {
  if (asked.operation === 'AssumeRoleWithWebIdentity') return { kind: 'jwt', token: asked.webIdentityToken };
  const { request } = context;
  if (!offersSigv4(request)) return { kind: 'none' };
  return sigv4Proof(request, { hosts: signedHosts(context), services: ['sts'] });
};
