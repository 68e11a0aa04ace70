import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpResponse } from '../../core/http.ts';
import type { Secret } from '../../core/secret.ts';
import type { MintedCredentials } from '../client.ts';
import { ClientError } from '../errors.ts';
import { type AgentAnswer, type AgentRequest, jsonAnswer, refusal } from './answer.ts';
import { answerMetadata, isMetadataPath } from './metadata.ts';
import type { SessionTokens } from './session-tokens.ts';
import { alibaba, awsContainer, cos } from './shapes.ts';

/** What an agent serves, and to whom. */
export interface AgentDeps {
  readonly current: () => Promise<MintedCredentials>;
  /** Who knows it may read: in the Authorization header, or in the path of SDKs that can send no header. */
  readonly token: Secret;
  readonly now: () => Date;
  /** Absent is that no metadata service is served. */
  readonly metadata?: {
    readonly tokens: SessionTokens;
    /** Whether the process at the other end is one of the agent's own user. */
    readonly isOwnProcess: (request: AgentRequest) => Promise<boolean>;
  };
}

/** Hosts that a process of this machine asks for. Another name leads here by a trick with DNS: a page in a browser. */
const ownHost = /^(127\.0\.0\.1|localhost|169\.254\.169\.254|metadata\.tencentyun\.com)(:\d{1,5})?$/;

/** Headers that a browser adds, and no SDK. Node's own fetch sends `sec-fetch-mode`, so that one says nothing. */
const browserHeaders = ['origin', 'referer', 'sec-fetch-site'];

const shapes = { aws: awsContainer, alibaba, cos };

/**
 * One endpoint that speaks what SDKs read. `GET /aws` with the token in the header; `GET /TOKEN/aws`,
 * `GET /TOKEN/alibaba` and `GET /TOKEN/cos` with the token in the path; the metadata services of EC2 and CVM if asked.
 */
export const createAgent = (deps: AgentDeps): AgentAnswer => {
  const { token, now } = deps;

  const route = async (request: AgentRequest): Promise<HttpResponse> => {
    const { method, path, headers } = request;
    if (!ownHost.test(headers['host'] ?? '') || browserHeaders.some((name) => headers[name] !== undefined))
      return refusal(403, 'AccessDenied', 'The agent answers processes of this machine alone.');
    if (isMetadataPath(path)) {
      if (deps.metadata === undefined) return refusal(404, 'NotFound', 'The agent serves no metadata.');
      if (!(await deps.metadata.isOwnProcess(request)))
        return refusal(403, 'AccessDenied', 'The agent answers processes of its own user alone.');
      return answerMetadata(request, { current: deps.current, tokens: deps.metadata.tokens, now });
    }
    const [, first = '', ...rest] = path.split('/');
    const [given, name] = rest.length === 1 ? [first, rest[0] ?? ''] : [headers['authorization'] ?? '', first];
    if (rest.length > 1 || !sameText(given, token.reveal()))
      return refusal(401, 'Unauthenticated', 'The request does not have the token of this agent.');
    if (!Object.hasOwn(shapes, name)) return refusal(404, 'NotFound', 'The agent serves nothing at this path.');
    if (method !== 'GET') return refusal(405, 'MethodNotAllowed', 'Credentials are read by GET.');
    return jsonAnswer(200, shapes[name as keyof typeof shapes](await deps.current(), now()));
  };

  return (request) => route(request).catch(failure);
};

/** SDKs try again on 503, and show the code and message of a 403. */
const failure = (thrown: unknown): HttpResponse => {
  if (!(thrown instanceof ClientError)) return refusal(500, 'Internal', 'The agent failed.');
  return refusal(thrown.fault === 'unavailable' ? 503 : 403, thrown.code, thrown.message);
};

/** In a time that does not depend on where the texts differ, nor on their lengths. */
const sameText = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
