import { randomUUID } from 'node:crypto';
import type { HttpResponse } from '../core/http.ts';
import { commonHeaders } from '../platform/answer.ts';
import type { RawRequest } from '../platform/raw-request.ts';

const loopback = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

/** Whether an address is of this machine alone. */
export const isLoopback = (address: string | undefined): boolean => loopback.test(address ?? '');

/** A name that leads to this machine wherever it is asked for (RFC 6761, 6.3), with any port. */
const ownHost = /^(localhost|([a-z0-9-]+\.)+localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Refuses what a page of another origin sends through the browser of this machine: its Origin is another's, and if its
 * name was pointed at 127.0.0.1, its Host is too. What comes from elsewhere is not of this machine's browser.
 */
export const ownHostOnly =
  <Answered>(answer: (raw: RawRequest, deadlineMs: number) => Promise<Answered>) =>
  async (raw: RawRequest, deadlineMs: number): Promise<Answered | HttpResponse> => {
    const { host = '', origin } = raw.headers;
    const ownOrigin = origin === undefined || ownHost.test(origin.replace(/^https?:\/\//i, ''));
    if (!isLoopback(raw.sourceIp) || (ownHost.test(host) && ownOrigin)) return answer(raw, deadlineMs);
    return {
      status: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8', ...commonHeaders(randomUUID(), new Date()) },
      body: 'This server answers for localhost and 127.0.0.1 only.\n',
    };
  };
