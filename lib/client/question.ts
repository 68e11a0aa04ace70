import type { HttpRequest } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { below, requestTo } from './request.ts';

/** What several kinds of question have in common. */
interface MintQuestion {
  /** The name of the server's account; absent if the server can tell. */
  readonly account?: string;
  readonly durationSeconds?: number;
  /** A session policy in the cloud's own grammar. */
  readonly policy?: string;
}

/** What credentials are wanted: of a role, of a federated user, or those that the server keeps under a lease's name. */
export type Question =
  | (MintQuestion & { readonly kind: 'role'; readonly role: string; readonly sessionName: string })
  | (MintQuestion & { readonly kind: 'federation'; readonly name: string })
  | { readonly kind: 'lease'; readonly lease: string };

/** The request for how leases are doing, from a name on. */
export const leasesRequest = (server: URL, after: string | undefined): HttpRequest =>
  requestTo(below(server, '/leases', omitUndefined({ after })), { method: 'GET' });

/** The request of the JSON API that asks the question, without a proof. `format` is one of the API's. */
export const requestOf = (server: URL, question: Question, format?: string): HttpRequest => {
  const query: Readonly<Record<string, string>> = omitUndefined({ format });
  if (question.kind === 'lease')
    return requestTo(below(server, `/leases/${encodeURIComponent(question.lease)}`, query), { method: 'GET' });
  const { account, durationSeconds, policy } = question;
  const body =
    question.kind === 'role'
      ? { account, roleArn: question.role, roleSessionName: question.sessionName, durationSeconds, policy }
      : { account, name: question.name, durationSeconds, policy };
  return requestTo(below(server, question.kind === 'role' ? '/assumeRole' : '/getFederationToken', query), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
};
