import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import type { Params } from '../../wire/query.ts';
import { type Reader, reader } from '../reader.ts';
import { policyText } from '../tencent.ts';
import { rules, type Spoken, seconds } from './limits.ts';

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
        ...read.lifetime('DurationSeconds', seconds[operation]),
        ...read.tags('Tags', 0, ['Key', 'Value'], rules.tags),
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
        ...read.lifetime('DurationSeconds', seconds[operation]),
      };
    case 'GetFederationToken':
      return {
        operation,
        name: read.required('Name', rules.name),
        ...omitUndefined<Partial<TokenRequest<'GetFederationToken'>>>({ policy: policyOf(read.required('Policy')) }),
        ...read.lifetime('DurationSeconds', seconds[operation]),
      };
    case 'GetCallerIdentity':
      return { operation };
  }
};

const policyOf = (field: string | undefined): string | undefined =>
  field === undefined ? undefined : policyText(field, 'Policy');

const secondFactor = (read: Reader) => {
  const tokenCode = read.optional('TokenCode', rules.tokenCode);
  return omitUndefined({
    serialNumber: read.optional('SerialNumber', rules.serialNumber),
    tokenCode: tokenCode === undefined ? undefined : new Secret(tokenCode),
  });
};
