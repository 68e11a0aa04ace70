import { createHash } from 'node:crypto';
import type { LocalState } from './local-state.ts';

const heading = (text: string): string => `\n# ${text}\n`;

/** What `npm start` prints: lines to paste into another terminal. They read the keys from a private file. */
export const welcome = ({ access, envPath }: LocalState): string => {
  const { url, roles } = access;
  const host = new URL(url).host;
  const role = (cloud: string): string => roles[cloud] ?? '';
  const encoded = (cloud: string): string => encodeURIComponent(role(cloud));
  const json = access.accounts.map(
    (account) =>
      `curl -sS --fail-with-body "$CREDMINT_URL/assumeRole" -H "authorization: Bearer $CREDMINT_TOKEN" -H 'content-type: application/json' \\\n` +
      `  -d '{"account":"${account}","roleArn":"${role(account)}","roleSessionName":"me"}'\n`,
  );
  // UCloud signs neither a time nor a nonce, so this signature is valid as long as the key.
  const ucloud = `ActionAssumeRolePublicKey${access.accessKey.id}RoleSessionNamemeRoleUrn${role('ucloud')}`;
  const ucloudSignature = createHash('sha1')
    .update(ucloud + access.accessKey.secret)
    .digest('hex');
  const hmac = (cloud: string, path: string, method: string, extra: string, names: readonly [string, string]) => {
    const [roleName, sessionName] = names;
    const tail = cloud === 'tencent-v2' ? `&${roleName}=${role(cloud)}&${sessionName}=me` : '';
    const middle = cloud === 'tencent-v2' ? '' : `&RoleArn=${role(cloud)}&RoleSessionName=me`;
    return (
      `T=$(date +%s); N=$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); S=$(printf %s "GET${host}${path}?Action=AssumeRole&Nonce=$N${middle}&SecretId=$CREDMINT_KEY&SignatureMethod=${method}&Timestamp=$T${extra}${tail}" \\\n` +
      `  | openssl dgst -${method === 'HmacSHA1' ? 'sha1' : 'sha256'} -hmac "$CREDMINT_SECRET" -binary | base64)\n` +
      `curl -sSG --fail-with-body "$CREDMINT_URL${path === '/' ? '/' : path}" -d "Action=AssumeRole&Nonce=$N&SecretId=$CREDMINT_KEY&SignatureMethod=${method}&Timestamp=$T${extra}&${roleName}=${encoded(cloud)}&${sessionName}=me" --data-urlencode "Signature=$S"\n`
    );
  };
  return [
    `credmint serves ${url}\n`,
    `Paste into another terminal:\n`,
    `\n. '${envPath}'\n`,
    heading('The JSON API, one line for each account'),
    ...json,
    heading('A lease: credentials that are kept fresh'),
    `curl -sS --fail-with-body "$CREDMINT_URL/leases/demo?format=dotenv" -H "authorization: Bearer $CREDMINT_TOKEN"\n`,
    heading('AWS'),
    `curl -sS --fail-with-body "$CREDMINT_URL/" --aws-sigv4 aws:amz:us-east-1:sts -u "$CREDMINT_KEY:$CREDMINT_SECRET" \\\n` +
      `  -d 'Action=AssumeRole&Version=2011-06-15&RoleArn=${encoded('aws')}&RoleSessionName=me'\n`,
    heading('Tencent Cloud API 3.0 (HmacSHA256)'),
    hmac('tencent-v3', '/', 'HmacSHA256', '&Version=2018-08-13', ['RoleArn', 'RoleSessionName']),
    heading('Tencent Cloud API 2.0'),
    hmac('tencent-v2', '/v2/index.php', 'HmacSHA1', '', ['roleArn', 'roleSessionName']),
    heading('UCloud'),
    `curl -sS --fail-with-body "$CREDMINT_URL/?Action=AssumeRole&PublicKey=$CREDMINT_KEY&RoleUrn=${encoded('ucloud')}&RoleSessionName=me&Signature=${ucloudSignature}"\n`,
    heading('Dell ECS'),
    `T=$(curl -sSi --fail-with-body "$CREDMINT_URL/login" -u "$CREDMINT_KEY:$CREDMINT_SECRET" | tr -d '\\r' | sed -n 's/^x-sds-auth-token: //Ip')\n` +
      `curl -sS --fail-with-body -X POST "$CREDMINT_URL/sts?Action=AssumeRole&RoleArn=${role('ecs')}&RoleSessionName=me" -H "X-SDS-AUTH-TOKEN: $T"\n`,
    `\nThe key, the token and the roles are also in ${envPath.replace(/env$/, 'local.json')}, for SDKs.\n`,
  ].join('');
};
