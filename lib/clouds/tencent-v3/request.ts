import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Tag, TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import type { Params } from '../../wire/query.ts';
import { type Reader, reader } from '../parameters.ts';
import { policyText } from '../tencent.ts';
import { maxTags, rules, seconds } from './limits.ts';

/** The operations that this dialect speaks. */
export type Spoken = 'AssumeRole' | 'AssumeRoleWithWebIdentity' | 'GetCallerIdentity' | 'GetFederationToken';

/** What an operation's own parameters ask for, or an StsError that names the one at fault. */
export const requestOf = (operation: Spoken, params: Params): TokenRequest => {
  const read = reader(params);
  // It changes nothing: the only value that is known is the default.
  read.optional('SecretType', rules.secretType);
  switch (operation) {
    case 'AssumeRole':
      return {
        operation,
        role: read.required('RoleArn', rules.roleArn),
        sessionName: read.required('RoleSessionName', rules.roleSessionName),
        ...lifetime(read, operation),
        ...tagging(read),
        ...omitUndefined<Partial<TokenRequest<'AssumeRole'>>>({
          policy: policyOf(read.narrowing('Policy')),
          externalId: read.optional('ExternalId', rules.externalId),
          sourceIdentity: read.optional('SourceIdentity', rules.sourceIdentity),
        }),
        ...secondFactor(read),
      };
    case 'AssumeRoleWithWebIdentity':
      return {
        operation,
        role: read.required('RoleArn', rules.roleArn),
        sessionName: read.required('RoleSessionName', rules.roleSessionName),
        webIdentityToken: new Secret(read.token('WebIdentityToken', rules.webIdentityToken)),
        providerId: read.required('ProviderId', rules.providerId),
        ...lifetime(read, operation),
      };
    case 'GetFederationToken':
      return {
        operation,
        name: read.required('Name', rules.federatedName),
        ...omitUndefined<Partial<TokenRequest<'GetFederationToken'>>>({ policy: policyOf(read.required('Policy')) }),
        ...lifetime(read, operation),
      };
    case 'GetCallerIdentity':
      return { operation };
  }
};

const policyOf = (field: string | undefined): string | undefined =>
  field === undefined ? undefined : policyText(field, 'Policy');

const lifetime = (read: Reader, operation: keyof typeof seconds) =>
  omitUndefined({
    durationSeconds: read.seconds('DurationSeconds', seconds[operation]),
    defaultDurationSeconds: seconds[operation].default,
  });

const tagging = (read: Reader): { readonly tags?: readonly Tag[] } => {
  const tags = read.list('Tags', 0, maxTags, (name) => ({
    key: read.required(`${name}.Key`, rules.tagKey),
    value: read.optional(`${name}.Value`, rules.tagValue) ?? '',
  }));
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) {
    throw new StsError('InvalidParameter', 'Tags must have unique keys.', { parameter: 'Tags' });
  }
  return tags.length === 0 ? {} : { tags };
};

const secondFactor = (read: Reader) => {
  const tokenCode = read.optional('TokenCode', rules.tokenCode);
  return omitUndefined({
    serialNumber: read.optional('SerialNumber', rules.serialNumber),
    tokenCode: tokenCode === undefined ? undefined : new Secret(tokenCode),
  });
};
