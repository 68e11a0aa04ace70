import type { Cloud } from '../../core/cloud.ts';

/** Lines that sign a POST by openssl, the path with the `/` that is signed and not sent, and send it by curl. */
export const quickstart: Cloud['quickstart'] = ({ host, role }) =>
  `T=$(date -u +%Y%m%dT%H%M%SZ); B='{"agency_urn":"${role}","agency_session_name":"me"}'\n` +
  `sha() { openssl dgst -sha256 | sed 's/.* //'; }\n` +
  `C=$(printf 'POST\\n/v5/agencies/assume/\\n\\ncontent-type:application/json\\nhost:${host}\\nx-sdk-date:%s\\n\\ncontent-type;host;x-sdk-date\\n%s' "$T" "$(printf %s "$B" | sha)" | sha)\n` +
  `S=$(printf 'SDK-HMAC-SHA256\\n%s\\n%s' "$T" "$C" | openssl dgst -sha256 -hmac "$CREDMINT_SECRET" | sed 's/.* //')\n` +
  `curl -sS --fail-with-body "$CREDMINT_URL/v5/agencies/assume" -H 'content-type: application/json' -H "x-sdk-date: $T" \\\n` +
  `  -H "authorization: SDK-HMAC-SHA256 Access=$CREDMINT_KEY, SignedHeaders=content-type;host;x-sdk-date, Signature=$S" -d "$B"\n`;
