import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { readInstant } from '../../wire/instant.ts';
import { isObject, readJson } from '../../wire/json.ts';
import { childText, descendant, type Element, readXml } from '../../wire/xml.ts';
import { meaningOf } from './errors.ts';

/**
 * The document of a reply, XML or JSON, as elements. The structure differs between releases and between the page
 * and its own example (`Result`, `AssumeRoleResult`, neither), so the parts are looked for by local name at any depth.
 */
export const documentOf = ({ body }: HttpResponse): Element | undefined => {
  const start = body.trimStart();
  if (start.startsWith('<')) return readXml(start);
  if (!start.startsWith('{')) return undefined;
  const value = readJson(start);
  return value === undefined ? undefined : elementOf('', value);
};

const elementOf = (name: string, value: unknown): Element => {
  if (!isObject(value)) return { name, text: isText(value) ? String(value) : '', children: [] };
  const children = Object.entries(value).flatMap(([inner, item]) =>
    (Array.isArray(item) ? item : [item]).map((one) => elementOf(inner, one)),
  );
  return { name, text: '', children };
};

const isText = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** What a reply of ECS's STS means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const root = documentOf(response);
  if (response.status !== 200) throw refusal(response, root);
  const credentials = descendant(root, 'Credentials');
  const accessKeyId = childText(credentials, 'AccessKeyId');
  const secretAccessKey = childText(credentials, 'SecretAccessKey');
  const sessionToken = childText(credentials, 'SessionToken');
  const expiration = readInstant(childText(credentials, 'Expiration'));
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) throw unintelligible(response, root);

  const user = descendant(root, 'AssumedRoleUser') ?? descendant(root, 'FederatedUser');
  const arn = childText(user, 'Arn');
  const id = childText(user, 'AssumedRoleId') ?? childText(user, 'FederatedUserId');
  // Described as a percentage, and seen as 1371: told as it is.
  const packed = Number.parseInt(descendant(root, 'PackedPolicySize')?.text ?? '', 10);
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration,
    subject: arn === undefined || id === undefined ? undefined : { arn, id },
    packedPolicySize: Number.isNaN(packed) ? undefined : packed,
    upstreamRequestId: requestIdOf(response, root),
  });
};

/** Who the account's user is, as `/user/whoami` tells. It names no URN; this one is made as ECS makes them. */
export const normalizeIdentity = (response: HttpResponse): Identity => {
  const root = documentOf(response);
  if (response.status !== 200) throw refusal(response, root);
  const name = descendant(root, 'common_name')?.text;
  if (!name) throw unintelligible(response, root);
  const namespace = descendant(root, 'namespace')?.text ?? '';
  return { accountId: namespace, userId: name, arn: `urn:ecs:iam::${namespace}:user/${name}`, type: 'user' };
};

const requestIdOf = (response: HttpResponse, root: Element | undefined): string | undefined =>
  (descendant(root, 'RequestId')?.text || response.headers['x-amzn-requestid'])?.slice(0, 128);

/** STS says `Code` in an `Error`; the management side, whose root is the error, `code`. Their prose is never kept. */
export const refusal = (response: HttpResponse, root: Element | undefined): StsError => {
  const code = descendant(root, 'Code')?.text || childText(root, 'code');
  const upstream: UpstreamRefusal = omitUndefined({
    status: response.status,
    code: code?.slice(0, 128),
    requestId: requestIdOf(response, root),
  });
  return new StsError(meaningOf(code, response.status), undefined, { upstream });
};

const unintelligible = (response: HttpResponse, root: Element | undefined): StsError =>
  new StsError('CloudUnintelligible', undefined, {
    upstream: omitUndefined({ status: response.status, requestId: requestIdOf(response, root) }),
  });
