/** Lines that sign a GET of Tencent Cloud's API by openssl, and send it by curl. */
export const hmacQuickstart = (
  host: string,
  path: string,
  method: 'HmacSHA1' | 'HmacSHA256',
  pairs: readonly (readonly [name: string, value: string])[],
): string => {
  const all: readonly (readonly [string, string])[] = [
    ...pairs,
    ['Nonce', '$N'],
    ['SecretId', '$CREDMINT_KEY'],
    ['SignatureMethod', method],
    ['Timestamp', '$T'],
  ];
  const sorted = [...all].sort(([one], [other]) => (one < other ? -1 : 1));
  const signed = sorted.map(([name, value]) => `${name}=${value}`).join('&');
  // What the shell fills in needs no escapes.
  const sent = sorted.map(([name, value]) => `${name}=${value.startsWith('$') ? value : encodeURIComponent(value)}`);
  return (
    `T=$(date +%s); N=$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); S=$(printf %s "GET${host}${path}?${signed}" \\\n` +
    `  | openssl dgst -${method === 'HmacSHA1' ? 'sha1' : 'sha256'} -hmac "$CREDMINT_SECRET" -binary | base64)\n` +
    `curl -sSG --fail-with-body "$CREDMINT_URL${path}" -d "${sent.join('&')}" --data-urlencode "Signature=$S"\n`
  );
};
