import type { OpenRecord } from '../core/audit.ts';
import type { Caller, Proof } from '../core/caller.ts';
import type { DialectContext } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { RequestContext } from '../core/platform-identity.ts';
import type { BrokerDeps, IncomingRequest } from './deps.ts';
import { fieldsOfProof } from './record-fields.ts';

type ProvingRequest = Pick<IncomingRequest, 'request' | 'sourceIp' | 'platform'>;

/** Proves the caller. The record says what was wrong with a signature that is not valid. */
export const proveCaller = async (
  proof: Proof,
  incoming: ProvingRequest,
  context: DialectContext,
  record: OpenRecord,
  deps: Pick<BrokerDeps, 'authenticate' | 'diagnose'>,
): Promise<Caller> => {
  record.note(fieldsOfProof(proof));
  try {
    return await deps.authenticate(proof, context.now, requestContext(incoming, record));
  } catch (thrown) {
    record.note(omitUndefined({ signature: deps.diagnose?.(StsError.from(thrown), context) }));
    throw thrown;
  }
};

/** What authentication may look at besides the proof. The record says what it ignored. */
const requestContext = ({ request, sourceIp, platform }: ProvingRequest, record: OpenRecord): RequestContext => {
  const ignored: string[] = [];
  const ignore = (what: string): void => {
    ignored.push(what);
    record.note({ ignored });
  };
  return { headers: request.headers, ignore, ...omitUndefined({ sourceIp, platform }) };
};
