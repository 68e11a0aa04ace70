import type { HttpHeaders } from '../core/http.ts';
import { commonHeaders } from '../platform/answer.ts';

/**
 * Nothing but our own script and style is loaded, nobody frames the page, and no text becomes markup or script
 * (CSP Level 3; Trusted Types).
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** What every answer of the page carries. */
export const pageHeaders = (requestId: string, now: Date, contentType: string): HttpHeaders => ({
  ...commonHeaders(requestId, now),
  'content-type': contentType,
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
});

export const contentTypes = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  script: 'text/javascript; charset=utf-8',
  style: 'text/css; charset=utf-8',
  icon: 'image/svg+xml',
  text: 'text/plain; charset=utf-8',
  events: 'text/event-stream',
} as const;
