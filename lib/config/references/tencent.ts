import type { AccessKey } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import { requestTo } from '../../core/http.ts';
import { runtimeKey } from '../../identity/runtime-key.ts';
import { sign } from '../../signers/tc3.ts';
import { member, readJson } from '../../wire/json.ts';
import type { ReferenceDeps } from './deps.ts';
import type { SecretSources, TencentSecrets } from './sources.ts';

/** The version that is read if the reference names none. */
const defaultVersion = 'SSM_Current';

/**
 * The text of a secret of Tencent Cloud Secrets Manager, by `NAME` or `NAME@VERSION`; undefined if there is none.
 * https://cloud.tencent.com/document/api/1140/40522
 */
const tencentSecret = async (
  { region, endpoint }: Pick<TencentSecrets, 'region' | 'endpoint'>,
  key: AccessKey,
  name: string,
  { transport, now }: ReferenceDeps,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const [secretName = '', version = defaultVersion] = name.split('@');
  const request = requestTo(endpoint, {
    path: '/',
    query: '',
    headers: {
      'content-type': 'application/json',
      'x-tc-action': 'GetSecretValue',
      'x-tc-version': '2019-09-23',
      'x-tc-region': region,
    },
    body: JSON.stringify({ SecretName: secretName, VersionId: version }),
  });
  const { status, body } = await transport(sign(request, key, { now: now(), service: 'ssm' }), signal);
  const response = status === 200 ? member(readJson(body), 'Response') : undefined;
  const code = member(member(response, 'Error'), 'Code');
  if (typeof code === 'string') {
    if (code.startsWith('ResourceNotFound')) return undefined;
    const transient = /^(InternalError|RequestLimitExceeded)/.test(code);
    throw new StsError(
      transient ? 'CloudUnavailable' : 'Misconfigured',
      `A secret of the configuration cannot be read (${code}).`,
    );
  }
  const text = member(response, 'SecretString');
  if (typeof text !== 'string') throw new Error('The answer has no secret.');
  return text;
};

/** The secrets that this process may read; undefined if the environment has no key of Tencent Cloud. */
export const tencentSecrets = ({ tencent }: SecretSources, deps: ReferenceDeps) => {
  if (tencent === undefined) return undefined;
  const key = runtimeKey(tencent.source, deps);
  return async (name: string, signal: AbortSignal) => tencentSecret(tencent, await key(signal), name, deps, signal);
};
