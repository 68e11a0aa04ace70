import { createRequire } from 'node:module';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts';
import type { Server } from './server.ts';
import { askStore, bucket, maxReplyMs, roleArn, type Triad } from './store.ts';

/** One thing that must be so; it fails by throwing. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

const same = (found: unknown, wanted: unknown): void => {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
};

interface Problem {
  readonly status: number;
  readonly code?: string;
  readonly parameter?: string;
  readonly upstream?: { readonly status: number; readonly code?: string };
  readonly credentials?: Triad;
}

const triadOf = (given: Credentials | undefined): Triad => ({
  accessKeyId: given?.AccessKeyId ?? '',
  secretAccessKey: given?.SecretAccessKey ?? '',
  sessionToken: given?.SessionToken ?? '',
});

/** Whatever callers ask of credmint, and what becomes of it at the store at this URL. */
export const checksOf = (server: Server, store: string): readonly Check[] => {
  const asked = { account: 'ceph', roleArn: roleArn('demo'), roleSessionName: 'rehearsal' };
  const askJson = async (path: string, body: object): Promise<Problem> => {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      signal: AbortSignal.timeout(maxReplyMs),
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { ...((await response.json()) as Omit<Problem, 'status'>), status: response.status };
  };
  const mint = async (path: string, body: object): Promise<Triad> => {
    const { credentials, ...problem } = await askJson(path, body);
    if (credentials === undefined) throw new Error(`It was refused: ${JSON.stringify(problem)}`);
    return credentials;
  };
  const sts = <Answer>(act: (client: STSClient) => Promise<Answer>, config: STSClientConfig = {}): Promise<Answer> => {
    const client = new STSClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: server.key,
      maxAttempts: 1,
      requestHandler: { requestTimeout: maxReplyMs },
      ...config,
    });
    return act(client).finally(() => client.destroy());
  };
  const role = { RoleArn: roleArn('demo'), RoleSessionName: 'rehearsal' };

  /** Writes and reads an object of the bucket, and is refused another bucket. */
  const works = async (triad: Triad, name: string): Promise<void> => {
    same((await askStore(store, triad, 'PUT', `/${bucket}/${name}`, name)).status, 200);
    same(await askStore(store, triad, 'GET', `/${bucket}/${name}`), { status: 200, text: name });
    same((await askStore(store, triad, 'PUT', '/another-bucket/object', name)).status === 200, false);
    same((await askStore(store, { ...triad, sessionToken: '' }, 'GET', `/${bucket}/${name}`)).status, 403);
  };

  /** Reads, and does not write. */
  const onlyReads = async (triad: Triad): Promise<void> => {
    same((await askStore(store, triad, 'GET', `/${bucket}/json`)).status, 200);
    same((await askStore(store, triad, 'PUT', `/${bucket}/json`, 'changed')).status, 403);
  };
  const readOnly = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${bucket}/*`] }],
  };

  const refusedAs = async (body: object, code: string, upstream: string | undefined): Promise<void> => {
    const said = await askJson('/assumeRole', { ...asked, ...body });
    same([said.code, said.upstream?.code], [code, upstream]);
    if (said.status >= 500) throw new Error(`It is answered ${said.status}, which SDKs repeat.`);
  };

  return [
    { name: 'JSON API, by a token', run: async () => works(await mint('/assumeRole', asked), 'json') },
    {
      name: 'SigV4, by the AWS SDK',
      run: async () =>
        works(triadOf((await sts((client) => client.send(new AssumeRoleCommand(role)))).Credentials), 'sigv4'),
    },
    { name: 'TC3, by the SDK of Tencent Cloud', run: async () => works(await byTencent(server), 'tc3') },
    {
      name: 'web identity, by the AWS SDK',
      run: async () => {
        const command = new AssumeRoleWithWebIdentityCommand({ ...role, WebIdentityToken: `${server.token}\n` });
        await works(triadOf((await sts((client) => client.send(command), { credentials: nobody })).Credentials), 'web');
      },
    },
    {
      name: 'web identity at RGW, by a token of our issuer',
      run: async () =>
        works(await mint('/assumeRole', { ...asked, account: 'keyless', roleArn: roleArn('web') }), 'own'),
    },
    {
      name: 'GetFederationToken, by the role of the account',
      run: async () => onlyReads(await mint('/getFederationToken', { account: 'ceph', name: 'bob', policy: readOnly })),
    },
    {
      name: 'a session policy, which narrows',
      run: async () => onlyReads(await mint('/assumeRole', { ...asked, policy: readOnly })),
    },
    {
      name: 'a duration above the role’s own, refused as the caller’s',
      run: async () => refusedAs({ durationSeconds: 43_200 }, 'InvalidParameter', 'InvalidArgument'),
    },
    {
      name: 'a role that is not there, refused',
      run: async () => refusedAs({ roleArn: roleArn('nobody') }, 'RoleNotFound', 'NoSuchEntity'),
    },
    {
      name: 'tags, which RGW cannot be told, refused before it is asked',
      run: async () => refusedAs({ tags: { team: 'build' } }, 'InvalidParameter', undefined),
    },
    {
      name: 'credmint doctor, which finds the profile',
      run: async () => {
        const said = await server.doctor('ceph', roleArn('demo'));
        if (!said.includes('Fits best: Ceph RGW, ceph')) throw new Error(said);
      },
    },
  ];
};

const nobody = { accessKeyId: '', secretAccessKey: '' };

interface TencentReply {
  readonly Credentials?: { readonly TmpSecretId: string; readonly TmpSecretKey: string; readonly Token: string };
}

const byTencent = async ({ url, key }: Server): Promise<Triad> => {
  const { sts } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs');
  const client = new sts.v20180813.Client({
    credential: { secretId: key.accessKeyId, secretKey: key.secretAccessKey },
    region: 'ap-guangzhou',
    profile: {
      signMethod: 'TC3-HMAC-SHA256',
      httpProfile: { endpoint: new URL(url).host, protocol: 'http://', reqTimeout: maxReplyMs / 1000 },
    },
  });
  const asked = { RoleArn: roleArn('demo'), RoleSessionName: 'rehearsal', DurationSeconds: 900 };
  const { Credentials: given }: TencentReply = await client.AssumeRole(asked);
  return {
    accessKeyId: given?.TmpSecretId ?? '',
    secretAccessKey: given?.TmpSecretKey ?? '',
    sessionToken: given?.Token ?? '',
  };
};
