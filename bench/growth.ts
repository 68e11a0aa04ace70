import { type App, createApp } from '../lib/app/create-app.ts';
import { dropInSpec } from '../lib/app/drop-in-spec.ts';
import { processDeps } from '../lib/app/process-deps.ts';
import { readConfig } from '../lib/config/load.ts';
import { unlimitedAuditLog } from '../lib/core/audit.ts';
import { cloudTransport } from '../test/support/cloud-transport.ts';
import { issuer, newKey, tokenOf } from '../test/support/token-issuer.ts';
import { interleave, perSecond, ratio, spread } from './rounds.ts';
import { atMost, type Cell, plain, span, type Table } from './table.ts';

const sizes = [10, 100, 1_000, 10_000];
const rounds = 9;
const millisecondsEach = 60;

const key = newKey();
const arn = (name: string | number): string => `arn:aws:iam::123456789012:role/${name}`;

/** What a configuration has many of, and what is asked of it. */
interface Growth {
  readonly name: string;
  /** The most that an answer may cost of ten thousand, times that of ten. */
  readonly goal?: number;
  readonly callers?: (size: number) => Readonly<Record<string, object>>;
  readonly grants: (size: number) => readonly object[];
  /** Absent: an answer from what is kept. */
  readonly status?: number;
  readonly repository: (size: number) => string;
  readonly role: (size: number) => string;
}

const callerWith = (claims: object): object => ({ jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS', claims } });
const grant = (name: string | number, changes: object): object => ({
  name: `grant-${name}`,
  callers: ['ci'],
  account: 'prod',
  operations: ['AssumeRole'],
  roles: [arn('deploy')],
  ...changes,
});
const listed = <Item>(size: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: size }, (_, index) => item(index));
const repository = (index: number): string => `acme/service-${index}`;
const last = (size: number): string => repository(size - 1);

const byRepository = {
  grants: (size: number) =>
    listed(size, (index) => grant(index, { claims: { ref: 'refs/heads/main', repository: repository(index) } })),
  repository: last,
  role: () => arn('deploy'),
};

const growths: readonly Growth[] = [
  { name: "one caller's grants, by repository", goal: 1.2, ...byRepository },
  {
    name: "one caller's grants, by the beginning of a subject",
    goal: 1.2,
    ...byRepository,
    grants: (size) => listed(size, (index) => grant(index, { claims: { sub: `repo:${repository(index)}:*` } })),
  },
  {
    name: "one caller's grants, by role",
    goal: 1.2,
    ...byRepository,
    grants: (size) => listed(size, (index) => grant(index, { roles: [arn(index)] })),
    role: (size) => arn(size - 1),
  },
  {
    name: "other callers' grants",
    goal: 1.1,
    ...byRepository,
    callers: () => ({ other: callerWith({ repository: 'elsewhere' }) }),
    grants: (size) => [
      ...byRepository.grants(10),
      ...listed(size, (index) => grant(`other-${index}`, { callers: ['other'], claims: { repository: `r${index}` } })),
    ],
    repository: () => last(10),
  },
  {
    name: 'callers of one issuer',
    goal: 1.2,
    ...byRepository,
    callers: (size) =>
      Object.fromEntries(listed(size, (index) => [`job-${index}`, callerWith({ repository: `jobs/${index}` })])),
    grants: (size) => [...byRepository.grants(10), grant('job', { callers: [`job-${size - 1}`] })],
    repository: (size) => `jobs/${size - 1}`,
  },
  { name: 'a denial, with its trace', ...byRepository, status: 403, role: () => arn('other') },
];

/** One configuration being served, and a request to it. */
interface Served {
  readonly startMs: number;
  readonly ask: () => Promise<unknown>;
  readonly app: App;
}

const serve = async ({ grants, callers, repository, role, status = 200 }: Growth, size: number): Promise<Served> => {
  const json = {
    accounts: {
      prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'AKID', secret: 'env:SECRET' } },
    },
    callers: { ci: callerWith({ repository: 'acme/*' }), ...callers?.(size) },
    grants: grants(size),
  };
  const environment = { SECRET: 'secret', JWKS: JSON.stringify({ keys: [key.jwk] }) };
  const { transport } = cloudTransport(new Date(Date.now() + 12 * 3_600_000));
  const began = performance.now();
  const config = readConfig(json, { folder: '.', environment });
  const audit = unlimitedAuditLog(async () => undefined);
  const app = await createApp(dropInSpec(), config, { ...processDeps(), transport, audit });
  const startMs = performance.now() - began;
  const seconds = Date.now() / 1000;
  const times = { iat: seconds, exp: seconds + 3_600 };
  const claims = {
    ...times,
    repository: repository(size),
    ref: 'refs/heads/main',
    sub: `repo:${repository(size)}:main`,
  };
  const raw = {
    method: 'POST',
    path: '/assumeRole',
    query: '',
    headers: { host: 'bench', 'content-type': 'application/json', authorization: `Bearer ${tokenOf(key, claims)}` },
    body: Buffer.from(JSON.stringify({ account: 'prod', roleArn: role(size), roleSessionName: 'bench' })),
  };
  const ask = () => app.answer(raw, 10_000);
  const first = await ask();
  if (first.status !== status) throw new Error(`${first.status} ${first.body}`);
  return { startMs, ask, app };
};

/** What a kept answer costs as the configuration grows. */
export const growth = async (): Promise<readonly Table[]> => {
  const rows: Cell[][] = [];
  const starts: Cell[][] = [];
  for (const each of growths) {
    const served = new Map<string, Served>();
    for (const size of sizes) served.set(String(size), await serve(each, size));
    for (const { ask } of served.values()) await perSecond(ask, 500);
    const costs = await interleave([...served.keys()], rounds, async (name) => {
      const ask = served.get(name)?.ask;
      return ask === undefined ? Number.NaN : 1e6 / (await perSecond(ask, millisecondsEach));
    });
    for (const size of sizes) {
      const grown = span(ratio(costs, String(size), '10'), 2);
      const hasGoal = size === sizes.at(-1) && each.goal !== undefined;
      rows.push([
        size === 10 ? each.name : '',
        plain(size),
        span(spread(costs, String(size)), 0),
        hasGoal ? atMost(grown, each.goal) : grown,
      ]);
    }
    const largest = sizes.at(-1) ?? 0;
    const startMs = served.get(String(largest))?.startMs ?? Number.NaN;
    starts.push([each.name, atMost(plain(startMs), 1_500)]);
    for (const { app } of served.values()) await app.close();
  }
  return [
    {
      title: 'A kept answer, as the configuration grows',
      columns: ['what grows', 'of them', 'us/answer', 'times that of 10'],
      rows,
      notes: ['Processor time in one process, from the request as a platform hands it over to its answer.'],
      charts: [
        {
          kind: 'growth',
          name: 'growth',
          across: 'of them',
          values: 'us/answer',
          by: 'what grows',
          scale: 'both log',
        },
      ],
    },
    {
      title: 'Reading and composing a configuration of 10,000',
      columns: ['what grows', 'ms'],
      rows: starts,
    },
  ];
};
