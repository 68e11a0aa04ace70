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
 * One version of a secret, replaced by UpdateSecret, or created by PutSecretValue if it does not exist: a secret has at
 * most ten versions, so there cannot be one for each delivery.
 * https://cloud.tencent.com/document/api/1140/40515 and https://cloud.tencent.com/document/api/1140/40518
 */
export const toTencentSsm: Deliver<TencentSsmSettings> = async (settings, payload, { transport, clock }, signal) => {
  const { secretName, versionId, region, key, endpoint, format } = settings;
  const body = JSON.stringify({
    SecretName: secretName,
    VersionId: versionId,
    SecretString: formats[format](payload.content).text,
  });

  /** Resolves to the code of the service's refusal, or to undefined if it accepted the secret. */
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
      throw new StsError('CloudUnintelligible', 'The target does not confirm that it accepted the credentials.');
    }
    return undefined;
  };

  const code = await ask('UpdateSecret');
  const refused = code?.startsWith('ResourceNotFound') ? await ask('PutSecretValue') : code;
  // The service refuses with status 200; these codes mean that it may accept later.
  if (refused !== undefined) throw refusal(/^(InternalError|RequestLimitExceeded)/.test(refused) ? 503 : 400, refused);
};
