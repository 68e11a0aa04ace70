import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StsError } from '../../core/errors.ts';
import type { Answerer } from '../../platform/answer.ts';
import { isObject, readJson } from '../../wire/json.ts';
import { type PublicDocuments, withDocuments } from '../issuer-documents.ts';
import { onceOpened } from '../once-opened.ts';
import { functionFolder } from './function-folder.ts';
import { type Handler, handlerOf } from './handler.ts';

const nothingElse: Answerer = async () => ({ status: 404, headers: {}, body: '' });

/** The documents that `npx credmint issuer` wrote. Without a file there are none. */
const documentsIn = async (path: string): Promise<PublicDocuments> => {
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '{}';
    throw thrown;
  });
  const documents = readJson(text);
  if (!isObject(documents)) throw new StsError('Misconfigured', 'The documents of the issuer are not JSON.');
  return Object.fromEntries(Object.entries(documents).map(([name, value]) => [name, JSON.stringify(value)]));
};

/**
 * A function that serves the issuer's public documents out of the file that is packaged with it. It reads no
 * configuration, and reaches no key, no store and no network.
 *
 * @example
 * export const handler = documentsFunction('credmint.issuer.json');
 */
export const documentsFunction = (path: string): Handler => {
  const documents = onceOpened(() => documentsIn(resolve(functionFolder, path)));
  return handlerOf(withDocuments(documents.open, () => new Date(), nothingElse));
};
