/**
 * Why there are no credentials: `usage`, what was asked or configured here is not right; `refused`, the server said no;
 * `unavailable`, the same question may succeed later.
 */
export type ClientFault = 'usage' | 'refused' | 'unavailable';

/** What a server says besides its refusal. */
export interface ClientErrorDetail {
  /** The server's id of the request, for whoever reads its audit trail. */
  readonly requestId?: string;
  /** How long the server asks to wait, in seconds. */
  readonly retryAfterSeconds?: number;
}

/** The one error of the client. Its message is for people and holds no secret. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly fault: ClientFault;
  /** The server's code (`AccessDenied`), or one of the client's own (`ServerUnreachable`). */
  readonly code: string;
  readonly detail: ClientErrorDetail;

  constructor(fault: ClientFault, code: string, message: string, detail: ClientErrorDetail = {}) {
    super(message);
    this.fault = fault;
    this.code = code;
    this.detail = detail;
  }
}

/** An error of what was asked or configured on this machine. */
export const usageError = (message: string, code = 'InvalidSettings'): ClientError =>
  new ClientError('usage', code, message);

/** One line for stderr: code, sentence, and the id by which the operator finds the request. */
export const describeError = ({ code, message, detail }: ClientError): string =>
  `credmint: ${code}: ${message}${detail.requestId === undefined ? '' : ` (request ${detail.requestId})`}`;
