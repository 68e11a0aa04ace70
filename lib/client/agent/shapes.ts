import type { MintedCredentials } from '../client.ts';

type Shape = (minted: MintedCredentials, now: Date) => Readonly<Record<string, unknown>>;

/** To the second, with `Z`: every reader of RFC 3339 takes it. */
const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
const unixSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
export const awsContainer: Shape = ({ credentials }) => ({
  AccessKeyId: credentials.accessKeyId,
  SecretAccessKey: credentials.secretAccessKey.reveal(),
  Token: credentials.sessionToken.reveal(),
  Expiration: instant(credentials.expiration),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
export const awsInstance: Shape = (minted, now) => ({
  Code: 'Success',
  LastUpdated: instant(now),
  Type: 'AWS-HMAC',
  ...awsContainer(minted, now),
});

/** What `ALIBABA_CLOUD_CREDENTIALS_URI` gives: https://github.com/aliyun/credentials-nodejs#credentials-uri */
export const alibaba: Shape = ({ credentials }) => ({
  Code: 'Success',
  AccessKeyId: credentials.accessKeyId,
  AccessKeySecret: credentials.secretAccessKey.reveal(),
  SecurityToken: credentials.sessionToken.reveal(),
  Expiration: instant(credentials.expiration),
});

/** https://www.tencentcloud.com/document/product/213/4934 */
export const tencentInstance: Shape = ({ credentials }) => ({
  TmpSecretId: credentials.accessKeyId,
  TmpSecretKey: credentials.secretAccessKey.reveal(),
  ExpiredTime: unixSeconds(credentials.expiration),
  Expiration: instant(credentials.expiration),
  Token: credentials.sessionToken.reveal(),
  Code: 'Success',
});

/** The callback of the COS SDKs' getAuthorization. */
export const cos: Shape = ({ credentials }, now) => ({
  TmpSecretId: credentials.accessKeyId,
  TmpSecretKey: credentials.secretAccessKey.reveal(),
  SecurityToken: credentials.sessionToken.reveal(),
  StartTime: unixSeconds(now),
  ExpiredTime: unixSeconds(credentials.expiration),
});
