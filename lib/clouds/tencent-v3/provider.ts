import type { Account, Exchange, Moment, Provider } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { CloudRequest } from '../../core/requests.ts';
import { sign as signHmac } from '../../signers/qcloud-hmac.ts';
import { sign as signTc3 } from '../../signers/tc3.ts';
import { escapeText } from '../../wire/query.ts';
import { type Arguments, call, callUnsigned, signatureOf } from './call.ts';
import { callsPerSecond, seconds } from './limits.ts';
import { normalize, normalizeIdentity } from './normalize.ts';

const exchange = <Op extends keyof typeof seconds>(
  operation: Op,
  argumentsOf: (request: CloudRequest<Op>, account: Account) => Arguments,
  put: (operation: string, account: Account, said: Arguments, moment?: Moment) => ReturnType<typeof call> = call,
) =>
  ({
    seconds: seconds[operation],
    callsPerSecond: callsPerSecond[operation],
    encode: (request, account, moment?: Moment) =>
      put(operation, account, { ...argumentsOf(request, account), DurationSeconds: request.durationSeconds }, moment),
  }) satisfies Exchange<Op>;

/** Encoded once more than the wire needs: the service decodes it once after reading the request. */
const policy = (text: string | undefined): Arguments => (text === undefined ? {} : { Policy: escapeText(text) });

/** Tencent Cloud API 3.0. */
export const provider: Provider = {
  operations: {
    AssumeRole: exchange('AssumeRole', (request) => ({
      RoleArn: request.role,
      RoleSessionName: request.sessionName,
      ...policy(request.policy),
      ExternalId: request.externalId,
      Tags: request.tags,
      SourceIdentity: request.sourceIdentity,
      SerialNumber: request.serialNumber,
      TokenCode: request.tokenCode?.reveal(),
    })),
    AssumeRoleWithWebIdentity: exchange(
      'AssumeRoleWithWebIdentity',
      (request, account) => {
        const providerId = request.providerId ?? account.webIdentity?.providerId;
        if (providerId === undefined) {
          throw new StsError('MissingParameter', 'A provider id is required by this system.');
        }
        return {
          ProviderId: providerId,
          WebIdentityToken: request.webIdentityToken.reveal(),
          RoleArn: request.role,
          RoleSessionName: request.sessionName,
        };
      },
      callUnsigned,
    ),
    GetFederationToken: exchange('GetFederationToken', (request) => {
      if (request.policy === undefined) throw new StsError('MissingParameter', 'A policy is required by this system.');
      return { Name: request.name, ...policy(request.policy) };
    }),
  },
  sign: (request, account, key, { now, nonce }) => {
    const method = signatureOf(account);
    return method === 'TC3-HMAC-SHA256'
      ? signTc3(request, key, { now, service: 'sts' })
      : signHmac(request, key, { now, nonce, method, edition: '3.0' });
  },
  normalize,
  identity: {
    encode: (account) => call('GetCallerIdentity', account, {}),
    normalize: normalizeIdentity,
  },
};
