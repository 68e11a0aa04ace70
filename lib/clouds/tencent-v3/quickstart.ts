import type { Cloud } from '../../core/cloud.ts';
import { hmacQuickstart } from '../hmac-quickstart.ts';
import { version } from './limits.ts';

/** Signed by HmacSHA256: TC3 takes more steps than fit a line. */
export const quickstart: Cloud['quickstart'] = ({ host, role }) =>
  hmacQuickstart(host, '/', 'HmacSHA256', [
    ['Action', 'AssumeRole'],
    ['RoleArn', role],
    ['RoleSessionName', 'me'],
    ['Version', version],
  ]);
