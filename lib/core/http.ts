/** Header names are lower case; a header that came twice is joined by `, ` (RFC 9110, 5.3). */
export type HttpHeaders = Readonly<Record<string, string>>;

/** A request as plain data, coming or going, so that it can be compared and printed. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host and, if it is not the scheme's own, `:port`: the text of the Host header. */
  readonly host: string;
  /** Begins with `/`; escaped exactly as it travels. */
  readonly path: string;
  /** What a gateway has put in front of the path, as `/live`; absent if nothing. Callers have signed the path with it. */
  readonly basePath?: string;
  /** Without `?`; escaped exactly as it travels. */
  readonly query: string;
  readonly headers: HttpHeaders;
  /** Valid UTF-8 as text; encoding it gives back the very bytes that travelled. */
  readonly body: string;
}

/** A request to a cloud before it is signed. */
export interface UnsignedRequest extends HttpRequest {
  /** The parameters whose form the body is, so that a scheme that signs parameters need not read them from it. */
  readonly form?: ReadonlyMap<string, string>;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/** The paths that a signature over this request may cover: as it is routed here, and as it was sent to a gateway. */
export const signedPaths = ({ path, basePath }: Pick<HttpRequest, 'path' | 'basePath'>): readonly string[] =>
  basePath === undefined ? [path] : [path, `${basePath}${path}`, ...(path === '/' ? [basePath] : [])];

/** What a request says besides where it goes; by default a POST to the URL's own path and query, with no body. */
export type RequestParts = Partial<Omit<HttpRequest, 'scheme' | 'host' | 'basePath'>>;

/** A request to the host of a URL. Anything but `http:` is https. */
export const requestTo = (
  url: URL,
  { method = 'POST', path = url.pathname, query = url.search.slice(1), headers = {}, body = '' }: RequestParts,
): HttpRequest => ({
  method,
  scheme: url.protocol === 'http:' ? 'http' : 'https',
  host: url.host,
  path,
  query,
  headers,
  body,
});
