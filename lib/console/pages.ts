import type { Config } from '../config/load.ts';
import { StsError } from '../core/errors.ts';
import type { RawRequest } from '../platform/raw-request.ts';
import { readQuery } from '../wire/query.ts';
import { accessView } from './access-view.ts';
import { decisionOf, lineOf } from './decision.ts';
import type { ConsoleFeed } from './feed.ts';
import { endingOfText, showsDecision, showsLease } from './filter.ts';
import { minutesKept } from './last-hour.ts';
import type { logReader } from './record-in-log.ts';
import type { Session } from './sessions.ts';
import type { LeaseView, NowView, PageView, WhatIf, WhatIfView } from './view.ts';

/** The pages by their paths. */
export const pagePaths = {
  now: '/console',
  leases: '/console/leases',
  decisions: '/console/decisions',
  record: '/console/record',
  access: '/console/access',
} as const;

/** What pages are made of. */
export interface PageDeps {
  readonly version: string;
  readonly feed: ConsoleFeed;
  readonly sources: { readonly config: () => Config };
  readonly now: (minutes: number) => NowView;
  readonly leases: () => readonly LeaseView[];
  readonly whatIf: (asked: WhatIf) => Promise<WhatIfView>;
  readonly recordInLog: ReturnType<typeof logReader>;
  readonly pid: number;
}

/** Decisions on one page. */
const maxShown = 200;
/** Decisions beside the figures. */
const maxBeside = 8;

/** A filter is looked for word by word in a thousand decisions. */
const maxFilterLength = 256;
const maxTextLength = 20_000;

const textOf = (params: ReadonlyMap<string, string>, name: string, maxLength = maxTextLength): string =>
  (params.get(name) ?? '').slice(0, maxLength);

const paramsOf = (text: string): ReadonlyMap<string, string> => {
  const reading = readQuery(text);
  if ('fault' in reading) throw new StsError('InvalidRequest', `The form cannot be read: ${reading.fault}.`);
  return reading.params;
};

/** The view that a request asks for. */
export const pageOf = async (
  raw: RawRequest,
  { viewer, until }: Session,
  deps: PageDeps,
  signal: AbortSignal,
): Promise<PageView> => {
  const { feed, sources } = deps;
  const common = { viewer: viewer.name, until: until.toISOString(), version: deps.version };
  const query = paramsOf(raw.query);
  const lines = () => feed.recent.list().map(lineOf);
  switch (raw.path) {
    case pagePaths.leases: {
      const filter = textOf(query, 'filter', maxFilterLength);
      const leases = deps.leases().filter(showsLease(filter));
      return { ...common, page: 'leases', now: deps.now(0).at, leases, filter };
    }
    case pagePaths.decisions: {
      const filter = { text: textOf(query, 'text', maxFilterLength), ending: endingOfText(textOf(query, 'ending')) };
      return {
        ...common,
        page: 'decisions',
        decisions: lines().filter(showsDecision(filter)).slice(0, maxShown),
        filter,
      };
    }
    case pagePaths.record: {
      const found = feed.recent.find(textOf(query, 'id'));
      const log = found && (await deps.recordInLog(found.requestId, sources.config().audit, deps.pid, signal));
      return {
        ...common,
        page: 'record',
        ...(found === undefined ? {} : { decision: decisionOf(found) }),
        ...(log === undefined ? {} : { log }),
      };
    }
    case pagePaths.access: {
      const access = accessView(sources.config().written);
      const filter = textOf(query, 'filter', maxFilterLength);
      const base = { ...common, page: 'access' as const, access, filter };
      if (raw.method !== 'POST') return base;
      return { ...base, whatIf: await deps.whatIf(askedOf(raw)) };
    }
    default:
      return {
        ...common,
        page: 'now',
        now: deps.now(minutesKept),
        leases: deps.leases(),
        decisions: lines().slice(0, maxBeside),
      };
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const askedOf = ({ body, headers }: RawRequest): WhatIf => {
  if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    throw new StsError('InvalidRequest', 'The form must be application/x-www-form-urlencoded.');
  }
  const params = paramsOf(utf8.decode(body));
  return {
    caller: textOf(params, 'caller'),
    claims: textOf(params, 'claims'),
    account: textOf(params, 'account'),
    operation: textOf(params, 'operation'),
    role: textOf(params, 'role'),
  };
};
