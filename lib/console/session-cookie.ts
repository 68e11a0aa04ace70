import type { RawRequest } from '../platform/raw-request.ts';
import { type Admitted, cookieName } from './admission.ts';
import { originOf } from './origin.ts';

/** The header that gives a viewer its session. Secure, but for plain http, which is for loopback alone. */
export const cookieOf = (
  { begun, until }: Admitted,
  raw: RawRequest,
  path: string,
  now: Date,
): Readonly<Record<string, string>> => {
  if (begun === undefined) return {};
  const age = Math.max(0, Math.floor((until.getTime() - now.getTime()) / 1000));
  const secure = originOf(raw).startsWith('https:') ? '; Secure' : '';
  return {
    'set-cookie': `${cookieName}=${begun}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`,
  };
};
