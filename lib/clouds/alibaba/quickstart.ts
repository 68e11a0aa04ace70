import type { Cloud } from '../../core/cloud.ts';

/** Lines that sign a GET in the RPC style by openssl, whose key is the secret with `&` behind it, and send it by curl. */
export const quickstart: Cloud['quickstart'] = ({ role }) => {
  const sent = [
    'AccessKeyId=$CREDMINT_KEY',
    'Action=AssumeRole',
    'Format=JSON',
    `RoleArn=${encodeURIComponent(role)}`,
    'RoleSessionName=me',
    'SignatureMethod=HMAC-SHA1',
    'SignatureNonce=$N',
    'SignatureVersion=1.0',
    'Timestamp=$T',
    'Version=2015-04-01',
  ].join('&');
  // The canonical query is escaped once more; its colons, in the time, are already escaped.
  return (
    `T=$(date -u +%Y-%m-%dT%H%%3A%M%%3A%SZ); N=$(od -An -N8 -tx8 /dev/urandom | tr -d ' '); Q="${sent}"\n` +
    `S=$(printf %s "GET&%2F&$(printf %s "$Q" | sed 's/%/%25/g; s/&/%26/g; s/=/%3D/g')" \\\n` +
    `  | openssl dgst -sha1 -hmac "$CREDMINT_SECRET&" -binary | base64)\n` +
    `curl -sSG --fail-with-body "$CREDMINT_URL/?$Q" --data-urlencode "Signature=$S"\n`
  );
};
