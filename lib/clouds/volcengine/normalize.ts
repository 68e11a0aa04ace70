import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { readInstant } from '../../wire/instant.ts';
import { member, memberText, readJson } from '../../wire/json.ts';
import { meaningOf } from './errors.ts';

/** What a reply of Volcengine's STS means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const said = saidBy(response);
  const triad = member(said.result, 'Credentials');
  const accessKeyId = memberText(triad, 'AccessKeyId');
  const secretAccessKey = memberText(triad, 'SecretAccessKey');
  const sessionToken = memberText(triad, 'SessionToken');
  // The offset may be another than UTC's.
  const expiration = readInstant(memberText(triad, 'ExpiredTime'));
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) throw unintelligible(said);
  const user = member(said.result, 'AssumedRoleUser');
  const [arn, id] = [memberText(user, 'Trn'), memberText(user, 'AssumedRoleId')];
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration,
    subject: arn === undefined || id === undefined ? undefined : { arn, id },
    upstreamRequestId: said.upstream.requestId,
  });
};

/** Who the account's key is. */
export const normalizeIdentity = (response: HttpResponse): Identity => {
  const said = saidBy(response);
  const given = member(said.result, 'AccountId');
  const accountId =
    typeof given === 'number' && Number.isSafeInteger(given) ? String(given) : memberText(said.result, 'AccountId');
  const [arn, userId] = [memberText(said.result, 'Trn'), memberText(said.result, 'IdentityId')];
  if (!accountId || !arn || !userId) throw unintelligible(said);
  const type = memberText(said.result, 'IdentityType');
  return omitUndefined({
    accountId,
    userId,
    arn,
    type: type === 'Role' ? ('role' as const) : type === undefined ? undefined : ('user' as const),
  });
};

interface Said {
  readonly result: unknown;
  readonly upstream: UpstreamRefusal;
}

/** The Result of a reply that is no refusal. */
const saidBy = ({ status, body }: HttpResponse): Said => {
  const root = readJson(body);
  const metadata = member(root, 'ResponseMetadata');
  const error = member(metadata, 'Error') ?? undefined;
  const code = memberText(error, 'Code');
  const upstream: UpstreamRefusal = omitUndefined({
    status,
    code: code?.slice(0, 128),
    requestId: memberText(metadata, 'RequestId')?.slice(0, 128),
  });
  if (status === 200 && error === undefined) return { result: member(root, 'Result'), upstream };
  throw new StsError(meaningOf(code, status), undefined, { upstream });
};

const unintelligible = ({ upstream }: Said): StsError => new StsError('CloudUnintelligible', undefined, { upstream });
