import type { Cloud } from '../../core/cloud.ts';

/** A login, then the request with its token. */
export const quickstart: Cloud['quickstart'] = ({ role }) =>
  `T=$(curl -sSi --fail-with-body "$CREDMINT_URL/login" -u "$CREDMINT_KEY:$CREDMINT_SECRET" | tr -d '\\r' | sed -n 's/^x-sds-auth-token: //Ip')\n` +
  `curl -sS --fail-with-body -X POST "$CREDMINT_URL/sts?Action=AssumeRole&RoleArn=${encodeURIComponent(role)}&RoleSessionName=me" -H "X-SDS-AUTH-TOKEN: $T"\n`;
