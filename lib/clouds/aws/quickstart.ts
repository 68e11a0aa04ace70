import type { Cloud } from '../../core/cloud.ts';

/** curl signs by SigV4 itself. */
export const quickstart: Cloud['quickstart'] = ({ role }) =>
  `curl -sS --fail-with-body "$CREDMINT_URL/" --aws-sigv4 aws:amz:us-east-1:sts -u "$CREDMINT_KEY:$CREDMINT_SECRET" \\\n` +
  `  -d 'Action=AssumeRole&Version=2011-06-15&RoleArn=${encodeURIComponent(role)}&RoleSessionName=me'\n`;
