import { randomUUID } from 'node:crypto';
import { type Answerer, commonHeaders } from './answer.ts';

/** Answers `/health`: says that the process answers, and nothing about its configuration. */
export const health: Answerer = async ({ method }) => {
  const allowed = method === 'GET' || method === 'HEAD';
  return {
    status: allowed ? 200 : 405,
    headers: {
      'content-type': 'application/json',
      ...(allowed ? {} : { allow: 'GET, HEAD' }),
      ...commonHeaders(randomUUID(), new Date()),
    },
    body: JSON.stringify(allowed ? { status: 'ok' } : { status: 'method not allowed' }),
  };
};
