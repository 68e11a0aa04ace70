import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { sign } from '../../signers/tc3.ts';
import { member, readJson } from '../../wire/json.ts';
import type { ReferencePlaces } from './places.ts';
import type { ReferenceDeps } from './remote.ts';

/** The version that is read: the one that `credmint` keeps, or that people call so. */
const versionId = 'SSM_Current';

/** The text of a secret of Tencent Cloud Secrets Manager. https://cloud.tencent.com/document/api/1140/40522 */
export const tencentSecret = async (
  { key, region, endpoint }: NonNullable<ReferencePlaces['tencent']>,
  name: string,
  { transport, now }: ReferenceDeps,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const [secretName = '', version = versionId] = name.split('@');
  const request: HttpRequest = {
    method: 'POST',
    scheme: endpoint.protocol === 'http:' ? 'http' : 'https',
    host: endpoint.host,
    path: '/',
    query: '',
    headers: {
      'content-type': 'application/json',
      'x-tc-action': 'GetSecretValue',
      'x-tc-version': '2019-09-23',
      'x-tc-region': region,
    },
    body: JSON.stringify({ SecretName: secretName, VersionId: version }),
  };
  const { status, body } = await transport(sign(request, key, { now: now(), service: 'ssm' }), signal);
  const response = status === 200 ? member(readJson(body), 'Response') : undefined;
  const code = member(member(response, 'Error'), 'Code');
  if (typeof code === 'string') {
    if (code.startsWith('ResourceNotFound')) return undefined;
    const passing = /^(InternalError|RequestLimitExceeded)/.test(code);
    throw new StsError(passing ? 'CloudUnavailable' : 'Misconfigured', `A secret may not be read (${code}).`);
  }
  const text = member(response, 'SecretString');
  if (typeof text !== 'string') throw new Error('There is no secret in the answer.');
  return text;
};
