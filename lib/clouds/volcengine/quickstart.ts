import type { Cloud } from '../../core/cloud.ts';

/** Lines that derive the key and sign a GET by openssl, the host signed too, and send it by curl. */
export const quickstart: Cloud['quickstart'] = ({ host, role }) => {
  const query = `Action=AssumeRole&RoleSessionName=me&RoleTrn=${encodeURIComponent(role)}&Version=2018-01-01`;
  const scope = '$D/cn-beijing/sts/request';
  return (
    `T=$(date -u +%Y%m%dT%H%M%SZ); D=$(printf %s "$T" | cut -c1-8); Q='${query}'\n` +
    `hmac() { printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" | sed 's/.* //'; }; sha() { printf "$1" "$T" | openssl dgst -sha256 | sed 's/.* //'; }\n` +
    `K=$(printf %s "$CREDMINT_SECRET" | od -An -v -tx1 | tr -d ' \\n'); for part in "$D" cn-beijing sts request; do K=$(hmac "$K" "$part"); done\n` +
    `C=$(sha "GET\\n/\\n$(printf %s "$Q" | sed 's/%/%%/g')\\nhost:${host}\\nx-date:%s\\n\\nhost;x-date\\n$(printf '' | openssl dgst -sha256 | sed 's/.* //')")\n` +
    `S=$(hmac "$K" "$(printf 'HMAC-SHA256\\n%s\\n%s\\n%s' "$T" "${scope}" "$C")")\n` +
    `curl -sS --fail-with-body "$CREDMINT_URL/?$Q" -H "x-date: $T" \\\n` +
    `  -H "authorization: HMAC-SHA256 Credential=$CREDMINT_KEY/${scope}, SignedHeaders=host;x-date, Signature=$S"\n`
  );
};
