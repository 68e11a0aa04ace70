import { randomUUID } from 'node:crypto';
import type { Config } from '../config/load.ts';
import { subjectBehind } from '../core/caller-behind.ts';
import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import { fairShares } from '../core/fair-shares.ts';
import type { HttpResponse } from '../core/http.ts';
import { explained } from '../grants/explained.ts';
import type { Answerer } from '../platform/answer.ts';
import type { NodeAnswerer } from '../platform/node/node-server.ts';
import type { StreamedResponse } from '../platform/node/stream.ts';
import type { RawRequest } from '../platform/raw-request.ts';
import { type Admission, type AdmissionDeps, type Admitted, admission } from './admission.ts';
import type { BuiltPage } from './built-page.ts';
import { consolePath, iconPath, linkPath, livePath, scriptPath, stylePath } from './console-paths.ts';
import type { ConsoleFeed } from './feed.ts';
import { contentTypes, pageHeaders } from './headers.ts';
import { liveStream } from './live.ts';
import { type NowSources, nowView, sampleCalls } from './now-view.ts';
import { isForeign, originOf } from './origin.ts';
import { type PageDeps, pageOf, pagePaths } from './pages.ts';
import { logReader } from './record-in-log.ts';
import { cookieOf } from './session-cookie.ts';
import type { Sessions, Viewer } from './sessions.ts';

/** What the page needs. */
export interface ConsoleDeps extends Omit<PageDeps, 'now' | 'leases' | 'recordInLog'>, Omit<AdmissionDeps, 'sessions'> {
  readonly page: BuiltPage | undefined;
  readonly feed: ConsoleFeed;
  readonly sources: NowSources;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** Has the page take part in the server's limit of requests. */
  readonly within: (answer: NodeAnswerer) => NodeAnswerer;
  /** Answers in place of the page if nobody may look at it. */
  readonly otherwise: Answerer;
}

/** The page of a server. */
export interface Console {
  readonly routes: Readonly<Record<string, NodeAnswerer>>;
  /** The path, with a one-time code, by which a viewer comes in. */
  pathFor(viewer: Viewer, lifetimeSeconds: number): Promise<string | undefined>;
  /** Ends every stream and all sampling. */
  close(): void;
}

/** Whether a configuration has a page at all: whether some grant admits a viewer. */
const hasConsole = ({ grants }: Pick<Config, 'grants'>): boolean =>
  grants.some(({ operations }) => operations.has('Observe'));

interface Body {
  readonly type: string;
  readonly body: string;
}

const sampleMs = 5_000;
const liveMinutes = 2;
/** Streams at once, of which no viewer takes all. */
const maxStreams = 32;

const isOf = (methods: readonly string[], { method }: RawRequest): boolean => methods.includes(method);

/**
 * The page that shows what a server does: its routes. They are not there, as far as anybody can tell, unless a grant of
 * the configuration has the operation `Observe`.
 */
export const createConsole = (deps: ConsoleDeps): Console => {
  const { page, feed, sources, sessions, clock, within, otherwise } = deps;
  const admit: Admission = admission(deps);
  const closing = new AbortController();
  const recordInLog = logReader();
  const streams = fairShares(maxStreams);

  const sample = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      sampleCalls(feed.rates, sources, clock.monotonicMs());
      await clock.sleep(sampleMs, closing.signal);
    }
  };
  void sample();

  const now = (minutes: number) => nowView(sources, feed, clock.now(), minutes);
  const leases = () => feed.leases.list(sources.config().leases.leases, clock.now());

  const text = (status: number, requestId: string, body: string, more = {}): HttpResponse => ({
    status,
    headers: { ...pageHeaders(requestId, clock.now(), contentTypes.text), ...more },
    body: `${body}\n`,
  });

  const refused = (thrown: unknown, raw: RawRequest, requestId: string): HttpResponse => {
    const error = explained(StsError.from(thrown), sources.config().explain);
    const { status } = error.traits;
    if (status !== 401) return text(status, requestId, error.message);
    const how = `${error.message}\n\nAsk for a link by any proof that a grant of Observe admits, and open it:\n\n  curl -sS --fail-with-body -X POST -H "authorization: Bearer $CREDMINT_TOKEN" ${originOf(raw)}${linkPath}`;
    return text(status, requestId, how, { 'www-authenticate': 'Bearer' });
  };

  type Answer = (raw: RawRequest, requestId: string, signal: AbortSignal) => Promise<HttpResponse | StreamedResponse>;

  const route = (methods: readonly string[], answer: Answer): NodeAnswerer => {
    const bounded = within(async (raw, deadlineMs) => {
      const requestId = randomUUID();
      if (raw.fault !== undefined) return refused(raw.fault, raw, requestId);
      if (!isOf(methods, raw))
        return text(405, requestId, 'This path takes another method.', { allow: methods.join(', ') });
      if (isForeign(raw)) return text(403, requestId, 'This page is for its own origin alone.');
      try {
        return await answer(raw, requestId, AbortSignal.timeout(Math.max(1, Math.round(deadlineMs))));
      } catch (thrown) {
        return refused(thrown, raw, requestId);
      }
    });
    return (raw, deadlineMs) => (hasConsole(sources.config()) ? bounded : otherwise)(raw, deadlineMs);
  };

  /** An answer for viewers alone. */
  const forViewers =
    (answer: (page: BuiltPage, viewer: Admitted, raw: RawRequest, signal: AbortSignal) => Promise<Body>): Answer =>
    async (raw, requestId, signal) => {
      const viewer = await admit.viewer(raw, requestId, signal);
      if (page === undefined) throw new StsError('Unavailable', 'The page is not built here: npm run build:console');
      const { type, body } = await answer(page, viewer, raw, signal);
      const at = clock.now();
      return {
        status: 200,
        headers: { ...pageHeaders(requestId, at, type), ...cookieOf(viewer, raw, consolePath, at) },
        body,
      };
    };

  const enter: Answer = async (raw, requestId, signal) => {
    const code = new URLSearchParams(raw.query).get('code') ?? '';
    const viewer = await admit.byCode(code, raw, requestId, signal);
    const at = clock.now();
    // Not a redirect: a browser that came from another site would follow it without the cookie.
    const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${consolePath}"><title>credmint</title><link rel="icon" href="${iconPath}"></head><body><a href="${consolePath}">Go on</a></body></html>`;
    return {
      status: 200,
      headers: { ...pageHeaders(requestId, at, contentTypes.html), ...cookieOf(viewer, raw, consolePath, at) },
      body,
    };
  };

  const show = forViewers(async (built, viewer, raw, signal) => {
    const view = await pageOf(raw, viewer, { ...deps, now, leases, recordInLog }, signal);
    const wantsJson = (raw.headers['accept'] ?? '').startsWith('application/json');
    return wantsJson
      ? { type: contentTypes.json, body: JSON.stringify(view) }
      : { type: contentTypes.html, body: built.render(view) };
  });

  const live: Answer = async (raw, requestId, signal) => {
    const viewer = await admit.viewer(raw, requestId, signal);
    if (closing.signal.aborted) throw new StsError('Unavailable', 'This server is leaving.');
    const share = subjectBehind(viewer.viewer);
    if (!streams.hasRoom(share)) {
      throw new StsError('Throttled', 'Too many pages look at this server, or too many of yours.', {
        retryAfterSeconds: 5,
      });
    }
    streams.add(share);
    const stream = liveStream({
      clock,
      now: () => now(liveMinutes),
      leases,
      recent: feed.recent.list,
      listen: feed.listen,
      stillAdmits: () => admit.stillAdmits(viewer, raw.sourceIp),
      closing: closing.signal,
    });
    const headers = pageHeaders(requestId, clock.now(), contentTypes.events);
    return { status: 200, headers, stream: (write, gone) => stream(write, gone).finally(() => streams.remove(share)) };
  };

  const asset = (type: string, of: (built: BuiltPage) => string): NodeAnswerer =>
    route(
      ['GET', 'HEAD'],
      forViewers(async (built) => ({ type, body: of(built) })),
    );

  const shown = Object.values(pagePaths).map((path) => {
    const methods = path === pagePaths.access ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
    return [path, route(methods, show)] as const;
  });
  return {
    routes: {
      ...Object.fromEntries(shown),
      [consolePath]: route(['GET', 'HEAD'], (raw, ...rest) =>
        // What looks ahead at a link asks by HEAD: that must not use up its code.
        raw.method === 'GET' && new URLSearchParams(raw.query).has('code') ? enter(raw, ...rest) : show(raw, ...rest),
      ),
      [linkPath]: route(['POST'], async (raw, requestId, signal) => {
        const code = await admit.codeFor(raw, requestId, signal);
        return text(200, requestId, `${originOf(raw)}${consolePath}?code=${code}`);
      }),
      [livePath]: route(['GET'], live),
      [scriptPath]: asset(contentTypes.script, ({ script }) => script),
      [stylePath]: asset(contentTypes.style, ({ style }) => style),
      [iconPath]: asset(contentTypes.icon, ({ icon }) => icon),
    },
    pathFor: async (viewer, lifetimeSeconds) => {
      const code = await sessions.newCode(viewer, lifetimeSeconds);
      return code === undefined ? undefined : `${consolePath}?code=${code}`;
    },
    close: () => closing.abort(),
  };
};
