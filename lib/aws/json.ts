import { type HttpResponse, requestTo } from '../core/http.ts';
import type { Transport } from '../core/transport.ts';
import type { CurrentKey } from '../identity/renewed.ts';
import { sign } from '../signers/sigv4.ts';
import { isObject, member, readJson } from '../wire/json.ts';
import { type AwsServiceName, awsServices } from './services.ts';

/** One service of AWS in one region. */
export interface AwsService {
  readonly name: AwsServiceName;
  readonly region: string;
  /** Only its scheme and host are used. Absent: the public endpoint of the region. */
  readonly endpoint?: URL | undefined;
}

/** What calls are made with. */
export interface AwsDeps {
  readonly transport: Transport;
  readonly credentials: CurrentKey;
  readonly now: () => Date;
}

/** What the service answered: its result, or the name of its error. */
export type AwsReply = { readonly result: unknown } | { readonly error: string };

/** Asks for one operation. Rejects if the service gives no answer. */
export type AwsCall = (operation: string, input: object, signal: AbortSignal) => Promise<AwsReply>;

/** How long the first of two attempts may take, if the caller does not say. */
const defaultAttemptMs = 2_000;

/** Errors that ask for another attempt: the limits of a table, of an account, and of the service's day. */
const passing = /^(ThrottlingException|Throttling|ProvisionedThroughputExceededException|RequestLimitExceeded)$/;

/**
 * Calls a service of AWS by its JSON protocol, signed by SigV4, over the one transport. Sends a request a second time
 * if the first had no answer within `attemptMs`, because a kept connection may have died: so ask only for what may be done
 * twice.
 *
 * @example
 * ```ts
 * const call = awsCall({ name: 'ssm', region: 'eu-central-1' }, { transport, credentials, now });
 * const reply = await call('GetParameter', { Name: '/demo', WithDecryption: true }, AbortSignal.timeout(5000));
 * ```
 */
export const awsCall = (
  service: AwsService,
  { transport, credentials, now }: AwsDeps,
  attemptMs = defaultAttemptMs,
): AwsCall => {
  const { name, region } = service;
  const { target, version } = awsServices[name];
  const url = service.endpoint ?? new URL(`https://${name}.${region}.${domainOf(region)}`);

  const attempt = async (operation: string, body: string, signal: AbortSignal): Promise<HttpResponse> => {
    const request = requestTo(url, {
      path: '/',
      query: '',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` },
      body,
    });
    return transport(sign(request, await credentials(signal), { now: now(), region, service: name }), signal);
  };

  return async (operation, input, signal) => {
    const body = JSON.stringify(input);
    const own = AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]);
    let failure: unknown;
    const first = await attempt(operation, body, own).catch((thrown: unknown) => {
      failure = thrown;
      return undefined;
    });
    const again = !isAnswer(first) || passing.test(errorOf(first));
    const response = again && !signal.aborted ? await attempt(operation, body, signal) : first;
    if (!isAnswer(response)) {
      throw new Error(`${name} did not answer.`, { cause: failure });
    }
    return response.status === 200 ? { result: readJson(response.body) } : { error: errorOf(response) };
  };
};

/** Whether this is the service's own answer: what stands in between says 200 too, as a network that asks for a login. */
const isAnswer = (response: HttpResponse | undefined): response is HttpResponse =>
  response !== undefined && response.status < 500 && (response.status !== 200 || isObject(readJson(response.body)));

const domainOf = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');

/** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException` is known by what follows the `#`. */
const errorOf = ({ status, body }: HttpResponse): string => {
  const type = status === 200 ? undefined : member(readJson(body), '__type');
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : '';
};
