import type { Answer, Occasion } from '../../sts/cloud.ts';
import { StsError } from '../../sts/errors.ts';
import type { HttpResponse } from '../../sts/http.ts';
import { glanceQuery } from '../parameters.ts';

type Minted = Extract<Answer, { kind: 'credentials' }>;
type Format = (answer: Minted, occasion: Occasion) => HttpResponse;

const json = (value: unknown): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** To the second, with `Z`: every reader of RFC 3339 takes it. */
const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
const unixSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** A value that a shell and every dotenv reader take as it is: single quotes, which no credential holds. */
const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** What credentials are written as, by the `format` of the query. */
const formats: Readonly<Record<string, Format>> = {
  default: ({ account, cloud, credentials }, { requestId }) =>
    json({
      requestId,
      account,
      cloud,
      credentials: {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey.reveal(),
        sessionToken: credentials.sessionToken.reveal(),
        expiration: instant(credentials.expiration),
      },
      subject: credentials.subject,
      upstream: credentials.upstreamRequestId === undefined ? undefined : { requestId: credentials.upstreamRequestId },
    }),

  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
  'aws-process': ({ credentials }) =>
    json({
      Version: 1,
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey.reveal(),
      SessionToken: credentials.sessionToken.reveal(),
      Expiration: instant(credentials.expiration),
    }),

  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
  'aws-container': ({ credentials }) =>
    json({
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey.reveal(),
      Token: credentials.sessionToken.reveal(),
      Expiration: instant(credentials.expiration),
    }),

  // The callback of cos-js-sdk-v5's getAuthorization; times in whole seconds, the start by this server's clock.
  cos: ({ credentials }, { now }) =>
    json({
      TmpSecretId: credentials.accessKeyId,
      TmpSecretKey: credentials.secretAccessKey.reveal(),
      SecurityToken: credentials.sessionToken.reveal(),
      StartTime: unixSeconds(now),
      ExpiredTime: unixSeconds(credentials.expiration),
    }),

  dotenv: ({ variables }) => ({
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: variables.map(([name, value]) => `${name}=${quoted(value)}\n`).join(''),
  }),
};

/** The format that a request asks for; an StsError where there is none of that name. */
export const formatOf = (occasion: Occasion): Format => {
  const name = glanceQuery(occasion.request).get('format') ?? 'default';
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  throw new StsError('InvalidParameter', `format must be one of ${Object.keys(formats).join(', ')}.`, {
    parameter: 'format',
  });
};

/** Whether the reader of the answer is the container credentials provider of an AWS SDK. */
export const isForContainer = (occasion: Occasion): boolean =>
  glanceQuery(occasion.request).get('format') === 'aws-container';
