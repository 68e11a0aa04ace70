import { readFileSync } from 'node:fs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';

// What one would write without us: the token is verified by jose, and the role assumed by AWS's client. It has no
// configuration, no grants, no cache, no audit trail and one cloud.

const { PEER_JWKS = '', PEER_ISSUER = '', PEER_ENDPOINT = '', PEER_KEY_ID = '', PEER_SECRET = '' } = process.env;

const keys = createLocalJWKSet(JSON.parse(readFileSync(PEER_JWKS, 'utf8')) as JSONWebKeySet);
const sts = new STSClient({
  endpoint: PEER_ENDPOINT,
  region: 'us-east-1',
  credentials: { accessKeyId: PEER_KEY_ID, secretAccessKey: PEER_SECRET },
});

interface HttpEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const handler = async ({ headers, body }: HttpEvent): Promise<object> => {
  await jwtVerify(headers['authorization']?.replace('Bearer ', '') ?? '', keys, {
    issuer: PEER_ISSUER,
    audience: 'credmint',
  });
  const { roleArn, roleSessionName } = JSON.parse(Buffer.from(body, 'base64').toString()) as Record<string, string>;
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: roleSessionName, DurationSeconds: 3600 }),
  );
  return { statusCode: 200, headers: {}, body: JSON.stringify(Credentials) };
};
