import type { RawRequest } from '../../lib/platform/raw-request.ts';
import type { Sending } from './any-request.ts';

/** What is sent, as the server hands it over. */
export const rawOf = ({ method, target, headers, body }: Sending): RawRequest => {
  const mark = target.indexOf('?');
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: { host: 'credmint.example.com', ...headers },
    body,
    sourceIp: '192.0.2.1',
  };
};
