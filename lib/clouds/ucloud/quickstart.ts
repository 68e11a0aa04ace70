import type { Cloud } from '../../core/cloud.ts';
import { sign } from '../../signers/ucloud-sha1.ts';
import { writeQuery } from '../../wire/query.ts';

/** UCloud signs with neither clock nor nonce, so this signature is valid for as long as the key. */
export const quickstart: Cloud['quickstart'] = ({ role, accessKey }) => {
  const params = sign({ Action: 'AssumeRole', RoleUrn: role, RoleSessionName: 'me' }, accessKey);
  return `curl -sS --fail-with-body "$CREDMINT_URL/?${writeQuery(Object.entries<string>(params))}"\n`;
};
