import type { OpenRecord } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { TokenRequest } from '../core/requests.ts';
import { fieldsOfCaller, fieldsOfRequest } from './record-fields.ts';

/**
 * Finds out who asks. Rejects as `prove` does. What is asked goes on record before the proof is looked at, so that of a
 * request whose proof is false it is known too; `request` is undefined if only its sender can be read.
 */
export const identifyCaller = async (
  request: TokenRequest | undefined,
  prove: () => Caller | Promise<Caller>,
  record: OpenRecord,
): Promise<Caller> => {
  if (request !== undefined) record.note(fieldsOfRequest(request));
  record.enter('authenticate');
  const caller = await prove();
  record.note(fieldsOfCaller(caller));
  return caller;
};
