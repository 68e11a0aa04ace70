import { hash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Cluster } from './cluster.ts';

/** Temporary or lasting credentials of S3. */
export interface Triad {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const bucket = 'rehearsal';

/** How long a store or a server may take to answer on a busy machine, in milliseconds. */
export const maxReplyMs = 60_000;

/** The names that RGW gives roles: it has no accounts here. */
export const roleArn = (name: string): string => `arn:aws:iam:::role/${name}`;

/** What the store says to a request that these credentials sign: the status, and the text. */
export const askStore = async (url: string, triad: Triad, method: string, path: string, body?: string) => {
  const client = new AwsClient({ ...triad, service: 's3', region: 'us-east-1', retries: 0 });
  const signal = AbortSignal.timeout(maxReplyMs);
  const response = await client.fetch(`${url}${path}`, { method, signal, ...(body === undefined ? {} : { body }) });
  return { status: response.status, text: await response.text() };
};

/** Asks the store's IAM, and fails unless it does as it is told. */
const askIam = async (url: string, triad: Triad, parameters: Readonly<Record<string, string>>): Promise<void> => {
  const client = new AwsClient({ ...triad, service: 'iam', region: 'us-east-1', retries: 0 });
  const signal = AbortSignal.timeout(maxReplyMs);
  const response = await client.fetch(`${url}/?${new URLSearchParams(parameters)}`, { method: 'POST', signal });
  if (response.status !== 200) throw new Error(`RGW's IAM says ${response.status}: ${await response.text()}`);
};

const allows = (principal: object, action: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: [action] }],
  });

const wholeBucket = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`] }],
});

/** A user who may assume the role `demo`, and its bucket. */
export const prepareStore = async (cluster: Cluster, broker: Triad): Promise<void> => {
  const user = ['--uid=broker', '--display-name=Broker'];
  const key = [`--access-key=${broker.accessKeyId}`, `--secret-key=${broker.secretAccessKey}`];
  await cluster.admin('user', 'create', ...user, ...key);
  await cluster.admin('caps', 'add', '--uid=broker', '--caps=oidc-provider=*;roles=*');
  await makeRole(cluster, 'demo', allows({ AWS: ['arn:aws:iam:::user/broker'] }, 'sts:AssumeRole'));
  const made = await askStore(cluster.url, broker, 'PUT', `/${bucket}`);
  if (made.status !== 200) throw new Error(`The bucket could not be made: ${made.status} ${made.text}`);
};

const makeRole = async (cluster: Cluster, name: string, trust: string): Promise<void> => {
  await cluster.admin('role', 'create', `--role-name=${name}`, '--path=/', `--assume-role-policy-doc=${trust}`);
  const policy = ['--policy-name=bucket', `--policy-doc=${wholeBucket}`];
  await cluster.admin('role-policy', 'put', `--role-name=${name}`, ...policy);
};

/** The role `web`, which trusts the issuer at this URL; RGW knows it by the certificates of its keys. */
export const trustIssuer = async (cluster: Cluster, broker: Triad, issuer: string, audience: string): Promise<void> => {
  const signal = AbortSignal.timeout(maxReplyMs);
  const keys = (await (await fetch(`${issuer}/.well-known/jwks.json`, { signal })).json()) as {
    readonly keys: readonly { readonly x5c: readonly [string] }[];
  };
  const thumbprints = keys.keys.map(({ x5c: [certificate] }) =>
    hash('sha1', Buffer.from(certificate, 'base64'), 'hex').toUpperCase(),
  );
  await askIam(cluster.url, broker, {
    Action: 'CreateOpenIDConnectProvider',
    Version: '2010-05-08',
    Url: issuer,
    'ClientIDList.member.1': audience,
    ...Object.fromEntries(thumbprints.map((text, index) => [`ThumbprintList.member.${index + 1}`, text])),
  });
  const provider = `arn:aws:iam:::oidc-provider/${issuer.replace(/^https?:\/\//, '')}`;
  await makeRole(cluster, 'web', allows({ Federated: [provider] }, 'sts:AssumeRoleWithWebIdentity'));
};
