import type { Variables } from '../../core/cloud.ts';
import type { Credentials } from '../../core/credentials.ts';

/** Credentials, and what is written beside them. */
export interface Content {
  readonly account: string;
  readonly cloud: string;
  readonly credentials: Credentials;
  /** The environment variables by which the cloud's own tools would read them. */
  readonly variables: () => Variables;
  /** Our id of the request that they answer, if there is one. */
  readonly requestId?: string;
  /** When they were written, by this server's clock. */
  readonly now: Date;
}

/** A text in some format. It holds a secret. */
export interface Written {
  readonly contentType: string;
  readonly text: string;
}

type Format = (content: Content) => Written;

const json = (value: unknown): Written => ({ contentType: 'application/json', text: JSON.stringify(value) });

/** To the second, with `Z`: every reader of RFC 3339 takes it. */
const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
const unixSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** A value that a shell and every dotenv reader take as it is: single quotes, which no credential holds. */
const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** What credentials are written as, by the name of the format. */
export const formats = {
  default: ({ requestId, account, cloud, credentials }) =>
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
  cos: ({ credentials, now }) =>
    json({
      TmpSecretId: credentials.accessKeyId,
      TmpSecretKey: credentials.secretAccessKey.reveal(),
      SecurityToken: credentials.sessionToken.reveal(),
      StartTime: unixSeconds(now),
      ExpiredTime: unixSeconds(credentials.expiration),
    }),

  // What qcloud-cos-sts gives, and so what cos-wx-sdk-v5's own example of a mini-program expects of its server.
  'cos-sts': ({ credentials, requestId, now }) =>
    json({
      credentials: {
        tmpSecretId: credentials.accessKeyId,
        tmpSecretKey: credentials.secretAccessKey.reveal(),
        sessionToken: credentials.sessionToken.reveal(),
      },
      expiredTime: unixSeconds(credentials.expiration),
      expiration: instant(credentials.expiration),
      startTime: unixSeconds(now),
      requestId,
    }),

  dotenv: ({ variables }) => ({
    contentType: 'text/plain; charset=utf-8',
    text: variables()
      .map(([name, value]) => `${name}=${quoted(value)}\n`)
      .join(''),
  }),
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;

/** Whether there is a format of that name. */
export const isFormatName = (name: string): name is FormatName => Object.hasOwn(formats, name);
