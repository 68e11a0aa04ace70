import type { Cloud } from '../../core/cloud.ts';
import { hmacQuickstart } from '../hmac-quickstart.ts';
import { path } from './limits.ts';

/** Signed by HmacSHA1, as old SDKs sign. */
export const quickstart: Cloud['quickstart'] = ({ host, role }) =>
  hmacQuickstart(host, path, 'HmacSHA1', [
    ['Action', 'AssumeRole'],
    ['roleArn', role],
    ['roleSessionName', 'me'],
  ]);
