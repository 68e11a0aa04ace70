import { StsError } from '../core/errors.ts';
import { type HttpResponse, requestTo } from '../core/http.ts';
import type { Transport } from '../core/transport.ts';
import { readAwsKey, readTencentKey } from './read-key.ts';
import type { RenewableKey } from './renewed.ts';
import type { RuntimeIdentity } from './runtime-identity.ts';

const folders = {
  aws: '/latest/meta-data/iam/security-credentials/',
  tencent: '/latest/meta-data/cam/security-credentials/',
} as const;

/** The role that is attached to the machine, as the metadata service lists it. */
const roleIn = ({ status, body }: HttpResponse): string => {
  const name = body.trim().split('\n', 1)[0] ?? '';
  if (status !== 200 || !/^[\w+=,.@-]{1,128}$/.test(name)) {
    throw new StsError('CloudUnavailable', 'The metadata of this machine names no role.');
  }
  return name;
};

/**
 * Asks IMDSv2 of EC2, which gives its token to a PUT alone, with a lifetime of six hours; version 1, which takes no
 * token, is never asked. The token's packet ends after as many hops as the instance allows: one, unless
 * `HttpPutResponseHopLimit` says more, as a container behind a bridge needs.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
const fetchFromEc2 = async (endpoint: URL, transport: Transport, signal: AbortSignal): Promise<RenewableKey> => {
  const asked = requestTo(endpoint, {
    method: 'PUT',
    path: '/latest/api/token',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
  });
  const answer = await transport(asked, signal).catch(() => {
    throw new StsError(
      'CloudUnavailable',
      'The metadata service gives no token. In a container its hop limit (HttpPutResponseHopLimit) must be 2.',
    );
  });
  const token = answer.body.trim();
  if (answer.status !== 200 || !/^[\x21-\x7e]{1,1024}$/.test(token)) {
    throw new StsError('CloudUnavailable', 'The metadata service gave no token.');
  }
  const headers = { 'x-aws-ec2-metadata-token': token };
  const get = (path: string): Promise<HttpResponse> =>
    transport(requestTo(endpoint, { method: 'GET', path, headers }), signal);
  const role = roleIn(await get(folders.aws));
  return readAwsKey(await get(folders.aws + role), 'The metadata service');
};

/** Asks the metadata of a CVM, which takes no token. https://cloud.tencent.com/document/product/213/4934 */
const fetchFromCvm = async (endpoint: URL, transport: Transport, signal: AbortSignal): Promise<RenewableKey> => {
  const get = (path: string): Promise<HttpResponse> => transport(requestTo(endpoint, { method: 'GET', path }), signal);
  const role = roleIn(await get(folders.tencent));
  return readTencentKey(await get(folders.tencent + role), 'The metadata service');
};

/** Asks the metadata of the machine, whichever cloud it is at. */
export const fetchFromInstance = (
  { cloud, endpoint }: Extract<RuntimeIdentity, { kind: 'instance' }>,
  { transport }: { readonly transport: Transport },
  signal: AbortSignal,
): Promise<RenewableKey> => (cloud === 'aws' ? fetchFromEc2 : fetchFromCvm)(endpoint, transport, signal);
