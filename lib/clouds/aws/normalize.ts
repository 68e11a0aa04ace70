import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { readInstant } from '../../wire/instant.ts';
import { child, childText, descendant, type Element, readXml } from '../../wire/xml.ts';
import { meaningOf } from './errors.ts';

/** What a reply of AWS STS, Ceph RGW or MinIO means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const root = readXml(response.body);
  if (response.status !== 200) throw refusal(response, root);
  const result = resultOf(root);
  const credentials = child(result, 'Credentials');
  const accessKeyId = childText(credentials, 'AccessKeyId');
  const secretAccessKey = childText(credentials, 'SecretAccessKey');
  const sessionToken = childText(credentials, 'SessionToken');
  const expiration = readInstant(childText(credentials, 'Expiration'));
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) throw unintelligible(response, root);

  const user = child(result, 'AssumedRoleUser') ?? child(result, 'FederatedUser');
  const arn = childText(user, 'Arn');
  // Ceph RGW writes AssumeRoleId.
  const id = childText(user, 'AssumedRoleId') ?? childText(user, 'AssumeRoleId') ?? childText(user, 'FederatedUserId');
  const packed = Number.parseInt(childText(result, 'PackedPolicySize') ?? '', 10);
  const webSubject = childText(result, 'SubjectFromWebIdentityToken');
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration,
    subject: arn === undefined || id === undefined ? undefined : { arn, id },
    packedPolicySize: Number.isNaN(packed) ? undefined : packed,
    sourceIdentity: childText(result, 'SourceIdentity'),
    webIdentity:
      webSubject === undefined
        ? undefined
        : omitUndefined({
            subject: webSubject,
            audience: childText(result, 'Audience'),
            provider: childText(result, 'Provider'),
          }),
    upstreamRequestId: requestIdOf(response, root),
  });
};

/** Who the account's key is. */
export const normalizeIdentity = (response: HttpResponse): Identity => {
  const root = readXml(response.body);
  if (response.status !== 200) throw refusal(response, root);
  const result = resultOf(root);
  const [accountId, userId, arn] = ['Account', 'UserId', 'Arn'].map((name) => childText(result, name));
  if (!accountId || !userId || !arn) throw unintelligible(response, root);
  return { accountId, userId, arn };
};

/** The element named `…Result`: by local name, wherever the root's namespace or metadata stand. */
const resultOf = (root: Element | undefined): Element | undefined =>
  root?.children.find((candidate) => candidate.name.endsWith('Result'));

/** Of AWS in a header of one name, of Ceph RGW and MinIO in one of another. */
const requestIdOf = (response: HttpResponse, root: Element | undefined): string | undefined =>
  response.headers['x-amzn-requestid'] ??
  response.headers['x-amz-request-id'] ??
  (descendant(root, 'RequestId')?.text || undefined);

/** AWS and MinIO nest an Error in an ErrorResponse; Ceph's root is the Error. Its Message is never kept. */
const refusal = (response: HttpResponse, root: Element | undefined): StsError => {
  const code = childText(descendant(root, 'Error'), 'Code');
  const upstream: UpstreamRefusal = omitUndefined({
    status: response.status,
    code: code?.slice(0, 128),
    requestId: requestIdOf(response, root)?.slice(0, 128),
  });
  return new StsError(meaningOf(code, response.status), undefined, { upstream });
};

const unintelligible = (response: HttpResponse, root: Element | undefined): StsError =>
  new StsError('CloudUnintelligible', undefined, {
    upstream: omitUndefined({ status: response.status, requestId: requestIdOf(response, root)?.slice(0, 128) }),
  });
