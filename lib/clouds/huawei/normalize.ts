import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { readInstant } from '../../wire/instant.ts';
import { member, memberText, readJson } from '../../wire/json.ts';
import { meaningOf } from './errors.ts';

/** What a reply of STS5, or of the older `securitytokens`, means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const { root, upstream } = saidBy(response);
  const [triad, older] = [member(root, 'credentials'), member(root, 'credential')];
  const accessKeyId = memberText(triad, 'access_key_id') ?? memberText(older, 'access');
  const secretAccessKey = memberText(triad, 'secret_access_key') ?? memberText(older, 'secret');
  const securityToken = memberText(triad, 'security_token') ?? memberText(older, 'securitytoken');
  const expiration = readInstant(memberText(triad, 'expiration') ?? memberText(older, 'expires_at'));
  if (!accessKeyId || !secretAccessKey || !securityToken || !expiration) throw unintelligible(upstream);
  const agency = member(root, 'assumed_agency');
  const [arn, id] = [memberText(agency, 'urn'), memberText(agency, 'id')];
  const subject = memberText(root, 'subject_from_id_token');
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(securityToken),
    expiration,
    subject: arn === undefined || id === undefined ? undefined : { arn, id },
    sourceIdentity: memberText(root, 'source_identity'),
    webIdentity:
      subject === undefined
        ? undefined
        : omitUndefined({ subject, audience: memberText(root, 'audience'), provider: memberText(root, 'provider') }),
    upstreamRequestId: upstream.requestId,
  });
};

/** Who the account's key is. */
export const normalizeIdentity = (response: HttpResponse): Identity => {
  const { root, upstream } = saidBy(response);
  const [accountId, arn, userId] = ['account_id', 'principal_urn', 'principal_id'].map((name) =>
    memberText(root, name),
  );
  if (!accountId || !arn || !userId) throw unintelligible(upstream);
  return {
    accountId,
    userId,
    arn,
    ...(arn.includes(':user:') ? { type: 'user' } : arn.includes(':assumed-agency:') ? { type: 'role' } : {}),
  };
};

interface Said {
  readonly root: unknown;
  readonly upstream: UpstreamRefusal;
}

/** The members of a reply that is no refusal. Gateways and older services nest theirs in `error`. */
const saidBy = ({ status, headers, body }: HttpResponse): Said => {
  const root = readJson(body);
  const code = memberText(root, 'error_code') ?? memberText(member(root, 'error'), 'code');
  const upstream: UpstreamRefusal = omitUndefined({
    status,
    code: code?.slice(0, 128),
    requestId: (headers['x-request-id'] ?? memberText(root, 'request_id'))?.slice(0, 128),
  });
  if (status >= 200 && status < 300 && code === undefined) return { root, upstream };
  throw new StsError(meaningOf(code, status), undefined, { upstream });
};

const unintelligible = (upstream: UpstreamRefusal): StsError =>
  new StsError('CloudUnintelligible', undefined, { upstream });
