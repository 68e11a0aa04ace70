import { aws } from '../../lib/clouds/aws/cloud.ts';
import { type Profile, profiles } from '../../lib/clouds/aws/profiles.ts';
import { Secret } from '../../lib/core/secret.ts';
import { type Call, openUpstream, type Upstream } from './upstream.ts';

/** The key and the role that a stand-in knows. */
export const storeKey = { id: 'AKIAFAKEEXAMPLE00001', secret: new Secret('fakeSecretAccessKeyForTestsOnly000000001') };
export const storeRole = 'arn:aws:iam::123456789012:role/demo';

interface Refusal {
  readonly status: number;
  /** Absent if the store says why in plain text. */
  readonly code?: string;
}

/** How a store behaves besides what its profile says of it. */
interface Manners {
  /** Of an operation that it does not have. */
  readonly unknown: Refusal;
  /** Of a policy that it does not take; absent if it ignores policies. */
  readonly policy?: Refusal;
}

const usual: Manners = { unknown: { status: 400, code: 'InvalidAction' } };
const manners: { readonly [Name in keyof typeof profiles]?: Manners } = {
  ceph: { unknown: { status: 405, code: 'MethodNotAllowed' } },
  rustfs: { unknown: { status: 400, code: 'InvalidArgument' } },
  ozone: { unknown: { status: 501 } },
  noobaa: { unknown: { status: 501, code: 'NotImplemented' } },
  vast: { unknown: { status: 501, code: 'NotImplemented' }, policy: { status: 501, code: 'NotImplemented' } },
};

const refusalBody = ({ code }: Refusal, root: Profile['errorRoot']): string => {
  if (code === undefined) return 'Not supported yet.';
  return root === 'Error'
    ? `<Error><Code>${code}</Code><RequestId>r</RequestId></Error>`
    : `<ErrorResponse><Error><Type></Type><Code>${code}</Code></Error><RequestId>r</RequestId></ErrorResponse>`;
};

const credentials = (operation: string): string =>
  `<${operation}Response><${operation}Result><Credentials><AccessKeyId>ASIA</AccessKeyId>` +
  '<SecretAccessKey>the-secret-that-was-given</SecretAccessKey><SessionToken>token</SessionToken>' +
  `<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></${operation}Result></${operation}Response>`;

const identity =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn><UserId>U</UserId>' +
  '<Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

const isSigned = ({ method, url, headers, body }: Call): boolean => {
  const request = {
    method,
    scheme: 'http',
    host: headers.host ?? '',
    path: url,
    query: '',
    headers: headers as Record<string, string>,
    // The dialect refuses operations that it does not know; the signature is over the text all the same.
    body,
  } as const;
  try {
    const { proof } = aws.dialect.parse({ request, requestId: 'r', now: new Date() });
    return proof.kind === 'signature' && proof.verify(storeKey.secret);
  } catch {
    return headers.authorization?.includes(storeKey.id) ?? false;
  }
};

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
};

/** What a store answers that behaves as a row of the table says: a refusal, or a body. */
const answerOf = (profile: Profile, { unknown, policy: policyRefusal }: Manners, call: Call): Refusal | string => {
  if (!isSigned(call)) return { status: 403, code: 'SignatureDoesNotMatch' };
  const form = new URLSearchParams(call.body);
  const operation = form.get('Action') ?? '';
  if (call.url !== profile.path) return { status: 404, code: 'NoSuchBucket' };
  if (operation === 'GetCallerIdentity' && profile.hasIdentity) return identity;
  const sent = operation === 'AssumeRole' && profile.ignoresRole ? 'GetSessionToken' : operation;
  const had = operation === 'GetSessionToken' && profile.ignoresRole ? false : Object.hasOwn(profile.accepts, sent);
  if (!had) return unknown;
  const policy = form.get('Policy');
  const told: readonly string[] = profile.accepts[operation as keyof Profile['accepts']] ?? [];
  if (policy !== null && policyRefusal !== undefined) return policyRefusal;
  if (policy !== null && told.includes('policy') && !isJson(policy)) {
    return { status: 400, code: 'MalformedPolicyDocument' };
  }
  if (operation === 'AssumeRole' && !profile.ignoresRole && form.get('RoleArn') !== storeRole) {
    return { status: 403, code: 'AccessDenied' };
  }
  return credentials(operation);
};

/** A store on loopback that behaves as the row of a profile says. */
export const openStore = (name: keyof typeof profiles): Promise<Upstream> => {
  const profile: Profile = profiles[name];
  return openUpstream((call, response) => {
    const answer = answerOf(profile, manners[name] ?? usual, call);
    if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/xml' }).end(answer);
    else response.writeHead(answer.status).end(refusalBody(answer, profile.errorRoot));
  });
};
