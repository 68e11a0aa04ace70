import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { readInstant } from '../../wire/instant.ts';
import { member, readJson } from '../../wire/json.ts';
import { meaningOf } from './errors.ts';

/** What a reply of STS5, or of the older `securitytokens`, means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const { root, upstream } = saidBy(response);
  const [triad, older] = [member(root, 'credentials'), member(root, 'credential')];
  const accessKeyId = text(triad, 'access_key_id') ?? text(older, 'access');
  const secretAccessKey = text(triad, 'secret_access_key') ?? text(older, 'secret');
  const securityToken = text(triad, 'security_token') ?? text(older, 'securitytoken');
  const expiration = readInstant(text(triad, 'expiration') ?? text(older, 'expires_at'));
  if (!accessKeyId || !secretAccessKey || !securityToken || !expiration) throw unintelligible(upstream);
  const agency = member(root, 'assumed_agency');
  const [arn, id] = [text(agency, 'urn'), text(agency, 'id')];
  const subject = text(root, 'subject_from_id_token');
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(securityToken),
    expiration,
    subject: arn === undefined || id === undefined ? undefined : { arn, id },
    sourceIdentity: text(root, 'source_identity'),
    webIdentity:
      subject === undefined
        ? undefined
        : omitUndefined({ subject, audience: text(root, 'audience'), provider: text(root, 'provider') }),
    upstreamRequestId: upstream.requestId,
  });
};

/** Who the account's key is. */
export const normalizeIdentity = (response: HttpResponse): Identity => {
  const { root, upstream } = saidBy(response);
  const [accountId, arn, userId] = ['account_id', 'principal_urn', 'principal_id'].map((name) => text(root, name));
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
  const code = text(root, 'error_code') ?? text(member(root, 'error'), 'code');
  const upstream: UpstreamRefusal = omitUndefined({
    status,
    code: code?.slice(0, 128),
    requestId: (headers['x-request-id'] ?? text(root, 'request_id'))?.slice(0, 128),
  });
  if (status >= 200 && status < 300 && code === undefined) return { root, upstream };
  throw new StsError(meaningOf(code, status), undefined, { upstream });
};

const text = (parent: unknown, name: string): string | undefined => {
  const value = member(parent, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const unintelligible = (upstream: UpstreamRefusal): StsError =>
  new StsError('CloudUnintelligible', undefined, { upstream });
