import type { OpenRecord } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { TokenRequest } from '../core/requests.ts';
import { fieldsOfCaller, fieldsOfRequest } from './record-fields.ts';

/**
 * Finds out who asks. The record says what was asked before the proof is looked at, so that a request whose proof is
 * false is recorded too; it is undefined if the request
 * cannot be read, though its sender can. Rejects as `prove` does.
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
