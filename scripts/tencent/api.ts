import { createRequire } from 'node:module';
import type * as Sdk from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import { PackageError } from '../package/package-error.ts';
import { withRetries } from './retry.ts';

// By `require`: it is a CommonJS package whose exports Node cannot detect.
const sdk: typeof Sdk = createRequire(import.meta.url)('tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js');

export type ScfApi = InstanceType<typeof Sdk.scf.v20180416.Client>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The SCF API of a region, with keys from the environment variables of Tencent's own tools. Throttled calls are tried
 * again after a pause.
 */
export const scfApi = (region: string, environment: Environment, pauseMs: number): ScfApi => {
  const {
    TENCENTCLOUD_SECRET_ID: secretId = '',
    TENCENTCLOUD_SECRET_KEY: secretKey = '',
    TENCENTCLOUD_TOKEN: token,
    TENCENTCLOUD_SCF_ENDPOINT: endpoint = 'https://scf.tencentcloudapi.com',
  } = environment;
  if (secretId === '' || secretKey === '') {
    throw new PackageError('TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY are missing from the environment.');
  }
  const url = new URL(endpoint);
  const client = new sdk.scf.v20180416.Client({
    credential: token === undefined ? { secretId, secretKey } : { secretId, secretKey, token },
    region,
    profile: {
      signMethod: 'TC3-HMAC-SHA256',
      httpProfile: { protocol: `${url.protocol}//`, endpoint: url.host, reqTimeout: 60 },
    },
  });
  return withRetries(client, pauseMs);
};

/** A failure of SCF in one line: its code, what it says, and the id that Tencent's support asks for. */
export const failureInWords = (thrown: unknown): string => {
  const { code, message, requestId } = thrown as Record<string, unknown>;
  const said = code === undefined ? String(message) : `${code}: ${message}`;
  return typeof requestId === 'string' && requestId !== '' ? `${said} (RequestId ${requestId})` : said;
};

/** The answer; undefined if SCF says that the resource does not exist. */
export const ifThere = async <Answer>(asking: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await asking;
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code;
    if (typeof code === 'string' && code.startsWith('ResourceNotFound')) return undefined;
    throw thrown;
  }
};
