/** The vendor's own SDK of Tencent Cloud API 2.0, which ships no types: as much of it as the tests ask. */
declare module 'qcloudapi-sdk' {
  type Values = Readonly<Record<string, unknown>>;

  interface Settings {
    readonly SecretId?: string;
    readonly SecretKey?: string;
    readonly Region?: string;
    readonly serviceType?: string;
    readonly host?: string;
    readonly path?: string;
    readonly method?: string;
    readonly protocol?: string;
    readonly signatureMethod?: 'sha1' | 'sha256';
  }

  export default class QcloudApi {
    constructor(defaults: Settings);
    generateUrl(settings?: Settings): string;
    generateQueryString(parameters: Values, settings?: Settings): string;
    request(parameters: Values, settings: Settings, done: (error: Error | null, body: unknown) => void): void;
    sign(text: string, secretKey: string, signatureMethod?: 'sha1' | 'sha256'): string;
  }
}

/** An OpenID provider, which ships no types: as much of it as the tests ask. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): RequestListener;
  }
}
