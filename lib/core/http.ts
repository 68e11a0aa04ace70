/** Header names are lower case; a header that came twice is joined by `, ` (RFC 9110, 5.3). */
export type HttpHeaders = Readonly<Record<string, string>>;

/** A request as plain data, coming or going, so that it can be held up to the light and compared. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host and, where it is not the scheme's own, `:port`: the text of the Host header. */
  readonly host: string;
  /** Begins with `/`; escaped exactly as it travels. */
  readonly path: string;
  /** Without `?`; escaped exactly as it travels. */
  readonly query: string;
  readonly headers: HttpHeaders;
  /** Valid UTF-8 as text; encoding it gives back the very bytes that travelled. */
  readonly body: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}
