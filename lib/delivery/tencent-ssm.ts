import { formats } from '../clouds/json/formats.ts';
import { StsError } from '../core/errors.ts';
import { requestTo } from '../core/http.ts';
import { sign } from '../signers/tc3.ts';
import { member, readJson } from '../wire/json.ts';
import type { Deliver } from './delivery.ts';
import { refusal } from './refusal.ts';
import type { TencentSsmSettings } from './settings.ts';

const service = 'ssm';
const version = '2019-09-23';

/**
 * One version of a secret, replaced by UpdateSecret, and made by PutSecretValue where it is not there yet: a secret has
 * ten versions at most, so there cannot be one for each delivery.
 * https://cloud.tencent.com/document/api/1140/40515 and https://cloud.tencent.com/document/api/1140/40518
 */
export const toTencentSsm: Deliver<TencentSsmSettings> = async (settings, payload, { transport, clock }, signal) => {
  const { secretName, versionId, region, key, endpoint, format } = settings;
  const body = JSON.stringify({
    SecretName: secretName,
    VersionId: versionId,
    SecretString: formats[format](payload.content).text,
  });

  /** The code of the service's refusal; `undefined` where it took the secret. */
  const ask = async (action: string): Promise<string | undefined> => {
    const request = requestTo(endpoint, {
      path: '/',
      query: '',
      headers: {
        'content-type': 'application/json',
        'x-tc-action': action,
        'x-tc-version': version,
        'x-tc-region': region,
      },
      body,
    });
    const reply = await transport(sign(request, key, { now: clock.now(), service }), signal);
    if (reply.status !== 200) throw refusal(reply.status);
    const response = member(readJson(reply.body), 'Response');
    const code = member(member(response, 'Error'), 'Code');
    if (typeof code === 'string') return code;
    if (member(response, 'SecretName') !== secretName) {
      throw new StsError('CloudUnintelligible', 'The place does not say that it took the credentials.');
    }
    return undefined;
  };

  const code = await ask('UpdateSecret');
  const left = code?.startsWith('ResourceNotFound') ? await ask('PutSecretValue') : code;
  // The service says everything with status 200; these are its ways of saying "later".
  if (left !== undefined) throw refusal(/^(InternalError|RequestLimitExceeded)/.test(left) ? 503 : 400, left);
};
