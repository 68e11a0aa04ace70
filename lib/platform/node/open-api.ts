import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Answerer, commonHeaders } from '../answer.ts';

const document = new URL('../../../schema/credmint.openapi.json', import.meta.url);

/** Answers `/openapi.json`: the document of the JSON API, which says nothing of the configuration. */
export const openApi: Answerer = async ({ method }) => {
  const allowed = method === 'GET' || method === 'HEAD';
  return {
    status: allowed ? 200 : 405,
    headers: {
      'content-type': 'application/json',
      ...(allowed ? {} : { allow: 'GET, HEAD' }),
      ...commonHeaders(randomUUID(), new Date()),
    },
    body: allowed ? await readFile(document, 'utf8') : JSON.stringify({ status: 'method not allowed' }),
  };
};
