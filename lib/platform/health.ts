import { randomUUID } from 'node:crypto';
import type { Answerer } from './serve.ts';

/** Says that the process answers, and nothing about what it knows. */
export const health: Answerer = async ({ method }) => ({
  status: method === 'GET' || method === 'HEAD' ? 200 : 405,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-request-id': randomUUID(),
    date: new Date().toUTCString(),
  },
  body: JSON.stringify({ status: 'ok' }),
});
