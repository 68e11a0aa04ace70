import type { HttpResponse } from '../../core/http.ts';
import type { MintedCredentials } from '../client.ts';
import { type AgentRequest, jsonAnswer, textAnswer } from './answer.ts';
import type { SessionTokens } from './session-tokens.ts';
import { awsInstance, tencentInstance } from './shapes.ts';

/** What metadata services answer with. */
export interface MetadataDeps {
  readonly current: () => Promise<MintedCredentials>;
  readonly tokens: SessionTokens;
  readonly now: () => Date;
}

/** The name of the role that metadata services list. */
const roleName = 'credmint';

const awsFolder = '/latest/meta-data/iam/security-credentials/';
const tencentFolder = '/latest/meta-data/cam/security-credentials/';
const ttlHeader = 'x-aws-ec2-metadata-token-ttl-seconds';

/** Whether a path belongs to a metadata service. */
export const isMetadataPath = (path: string): boolean => path.startsWith('/latest/');

/**
 * The metadata service of EC2, version 2 alone, and that of Tencent's CVM. Neither has a secret that only some
 * processes know, so the agent must have found out whose process asks.
 */
export const answerMetadata = async (request: AgentRequest, deps: MetadataDeps): Promise<HttpResponse> => {
  const { method, path, headers } = request;
  // A request that a proxy passed on was not made by a process of this machine: EC2 refuses it too.
  if (headers['x-forwarded-for'] !== undefined) return textAnswer(403, 'Forbidden');
  if (path === '/latest/api/token')
    return method === 'PUT' ? issueToken(headers[ttlHeader], deps) : textAnswer(405, '');
  if (method !== 'GET') return textAnswer(405, '');
  if (path.startsWith(awsFolder)) {
    if (!deps.tokens.isValid(headers['x-aws-ec2-metadata-token'] ?? '')) return textAnswer(401, 'Unauthorized');
    return inFolder(path.slice(awsFolder.length), async () => awsInstance(await deps.current(), deps.now()));
  }
  if (path.startsWith(tencentFolder))
    return inFolder(path.slice(tencentFolder.length), async () => tencentInstance(await deps.current(), deps.now()));
  return textAnswer(404, 'Not Found');
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html: 1 second to 6 hours. */
const issueToken = (ttl: string | undefined, { tokens }: MetadataDeps): HttpResponse => {
  const seconds = /^\d{1,5}$/.test(ttl ?? '') ? Number(ttl) : 0;
  if (seconds < 1 || seconds > 21_600) return textAnswer(400, 'Bad Request');
  return textAnswer(200, tokens.issue(seconds), { [ttlHeader]: String(seconds) });
};

const inFolder = async (name: string, read: () => Promise<unknown>): Promise<HttpResponse> => {
  if (name === '') return textAnswer(200, roleName);
  return name === roleName ? jsonAnswer(200, await read()) : textAnswer(404, 'Not Found');
};
