import type {
  AccessView,
  DecisionLine,
  EndingCounts,
  LeaseView,
  NowView,
  PageView,
} from '../../../lib/console/view.ts';

// A server that has been at work for an hour, the same each time: for pictures, and for what is asked of every page.

const at = Date.parse('2026-11-26T16:04:31Z');
const minuteMs = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Numbers from 0 to 1 that are the same each time. */
const shares = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

const accounts = [
  {
    name: 'prod-tencent',
    cloud: 'tencent-v3',
    ceilingPerSecond: 600,
    callsPerSecond: 84.2,
    peakPerSecond: 211,
    weight: 9,
  },
  { name: 'prod-aws', cloud: 'aws', ceilingPerSecond: 100, callsPerSecond: 68.4, peakPerSecond: 92, weight: 14 },
  { name: 'lake-alibaba', cloud: 'alibaba', ceilingPerSecond: 100, callsPerSecond: 12.6, peakPerSecond: 31, weight: 4 },
  { name: 'archive-ecs', cloud: 'ecs', callsPerSecond: 1.4, peakPerSecond: 3, weight: 1 },
  { name: 'edge-ucloud', cloud: 'ucloud', callsPerSecond: 0, peakPerSecond: 0, weight: 1, circuitIsOpen: true },
] as const;

const minutesOf = (): NowView['minutes'] => {
  const share = shares(7);
  return Array.from({ length: 60 }, (_, index) => {
    const wave = 1 + 0.45 * Math.sin(index / 8) + 0.25 * share();
    const isIncident = index >= 37 && index <= 41;
    const countsOf = (weight: number): EndingCounts => ({
      kept: Math.round(weight * wave * 31),
      minted: Math.round(weight * wave * (isIncident ? 3 : 8)),
      refused: Math.round(share() * 3 * weight * 0.3),
      failed: isIncident ? Math.round(weight * 5 * share()) : 0,
    });
    const slow = isIncident ? 5.5 : 1;
    return {
      at: iso(Math.floor(at / minuteMs - 59 + index) * minuteMs),
      accounts: Object.fromEntries([
        ...accounts.map(({ name, weight }) => [name, countsOf(weight)] as const),
        ['', { kept: 0, minted: 0, refused: Math.round(share() * 6), failed: 0 }] as const,
      ]),
      latencyMs: {
        p50: 0.8 + 0.3 * share(),
        p95: (38 + 14 * share()) * slow,
        p99: (74 + 26 * share()) * slow,
      },
    };
  });
};

const now: NowView = {
  at: iso(at),
  startedAt: iso(at - 9 * 24 * 3_600_000),
  minutes: minutesOf(),
  accounts: accounts.map(({ weight: _, ...account }) => ({ circuitIsOpen: false, ...account })),
  store: { kind: 'redis', isUp: true },
  audit: { sink: 'file', isChained: true, takesRecords: true, waiting: 0, stalledMs: 0 },
  requests: { inFlight: 14, turnedAway: 0 },
  cache: { entries: 4_812, hits: 1_204_881, misses: 38_210, refreshes: 9_113 },
};

const leaseNames = [
  'nightly-etl',
  'warehouse-loader',
  'terraform-plan',
  'thumbnails',
  'invoice-export',
  'search-index',
  'backups',
  'model-training',
  'reports',
];

const leases: readonly LeaseView[] = leaseNames.map((name, index): LeaseView => {
  const account = accounts[index % 4]?.name ?? '';
  const left = [0.06, 0.22, 0.31, 0.44, 0.52, 0.67, 0.74, 0.86, 0.97][index] ?? 1;
  return {
    name,
    account,
    subject: `arn:aws:iam::210987654321:role/${name}`,
    state: index === 0 ? 'failing' : 'fresh',
    mintedAt: iso(at - (1 - left) * 3_600_000),
    expiresAt: iso(at + left * 3_600_000),
    refreshAt: iso(at + Math.max(0, left - 0.33) * 3_600_000),
    failures: index === 0 ? 4 : 0,
    deliveryFailures: 0,
    targets: index % 3,
  };
});

const decision = (index: number, more: Partial<DecisionLine>): DecisionLine => ({
  requestId: `7f3c2a10-0000-4000-8000-${String(index).padStart(12, '0')}`,
  at: iso(at - index * 1_700),
  operation: 'AssumeRole',
  outcome: 'Done',
  why: [],
  ...more,
});

const site = 'repo:acme/site:ref:refs/heads/main';

const decisions: readonly DecisionLine[] = [
  decision(0, {
    ending: 'kept',
    caller: 'site-deploy',
    subject: site,
    account: 'prod-aws',
    target: 'arn:aws:iam::210987654321:role/deploy',
    grant: 'deploy-site',
    milliseconds: 0.7,
  }),
  decision(1, {
    ending: 'refused',
    caller: 'site-deploy',
    subject: 'repo:acme/site:pull_request',
    target: 'arn:aws:iam::210987654321:role/deploy',
    outcome: 'AccessDenied',
    milliseconds: 0.9,
    why: [
      'A claim of the token is not what the grant asks for.',
      'deploy-site: claims should be sub: repo:acme/site:ref:refs/heads/main; there was another text, of 27 characters.',
    ],
  }),
  decision(2, {
    ending: 'minted',
    caller: 'etl',
    subject: 'spiffe://acme/etl',
    account: 'prod-tencent',
    target: 'qcs::cam::uin/100001:roleName/etl',
    grant: 'etl-cos',
    milliseconds: 41.3,
  }),
  decision(3, {
    ending: 'failed',
    caller: 'edge',
    account: 'edge-ucloud',
    target: 'ucs:iam::90001:role/edge',
    grant: 'edge',
    outcome: 'CloudUnavailable',
    milliseconds: 4_004,
    why: ['The cloud cannot answer now.', 'The cause: no connection in time (ETIMEDOUT).'],
  }),
  decision(4, {
    ending: 'kept',
    caller: 'lake',
    account: 'lake-alibaba',
    target: 'acs:ram::16001:role/lake',
    grant: 'lake-read',
    milliseconds: 0.6,
  }),
  decision(5, {
    caller: 'operators',
    subject: 'ada@acme.example',
    operation: 'Observe',
    account: 'console',
    grant: 'watch',
    milliseconds: 1.8,
  }),
];

const access: AccessView = {
  callers: [
    {
      name: 'site-deploy',
      proof:
        'site-deploy is whoever has a token of https://token.actions.githubusercontent.com for the audience credmint and repository acme/site',
    },
    { name: 'etl', proof: 'etl is whoever has a client certificate with spiffe://acme/etl' },
    { name: 'lake', proof: 'lake is whoever has the access key AKIDLAKE' },
    { name: 'edge', proof: 'edge is whoever has the access key AKIDEDGE' },
    {
      name: 'operators',
      proof: 'operators is whoever has a token of https://login.acme.example for the audience credmint',
    },
  ],
  accounts: [...accounts.map(({ name, cloud }) => ({ name, cloud })), { name: 'console', cloud: 'this server' }],
  grants: [
    ['deploy-site', ['site-deploy'], 'prod-aws', 'arn:aws:iam::210987654321:role/deploy'],
    ['preview-site', ['site-deploy'], 'prod-aws', 'arn:aws:iam::210987654321:role/preview-*'],
    ['etl-cos', ['etl'], 'prod-tencent', 'qcs::cam::uin/100001:roleName/etl'],
    ['etl-lake', ['etl', 'lake'], 'lake-alibaba', 'acs:ram::16001:role/etl'],
    ['lake-read', ['lake'], 'lake-alibaba', 'acs:ram::16001:role/lake'],
    ['archive', ['lake', 'etl'], 'archive-ecs', 'urn:ecs:iam::ns1:role/archive'],
    ['edge', ['edge'], 'edge-ucloud', 'ucs:iam::90001:role/edge'],
    ['watch', ['operators'], 'console', undefined],
  ].map(([name, callers, account, target]) => ({
    name: name as string,
    callers: callers as string[],
    account: account as string,
    operations: [target === undefined ? 'Observe' : 'AssumeRole'],
    targets: target === undefined ? [] : [target as string],
    sentence: `${(callers as string[]).join(' or ')} may have ${target === undefined ? 'Observe' : `AssumeRole of ${target}`} in the account ${account}.`,
    isAuditOnly: name === 'preview-site',
  })),
};

const common = { viewer: 'operators', until: iso(at + 42 * minuteMs), version: '0.1.0' };

/** One view of each page, by its path. */
export const sampleViews: Readonly<Record<string, PageView>> = {
  '/console': { ...common, page: 'now', now, leases, decisions },
  '/console/leases': { ...common, page: 'leases', now: iso(at), leases, filter: '' },
  '/console/decisions': { ...common, page: 'decisions', decisions, filter: { text: '', ending: '' } },
  '/console/record': {
    ...common,
    page: 'record',
    decision: {
      ...(decisions[1] as DecisionLine),
      facts: [
        { name: 'Dialect', value: 'json' },
        { name: 'Proof', value: 'jwt' },
        { name: 'Address', value: '192.0.2.7' },
      ],
    },
    log: {
      kind: 'found',
      chain: '6f0c2d5e8b1a4f7390c1d2e3f4a5b6c7',
      sequence: 18_204,
      isWhole: true,
      isProven: true,
      lines: 20_481,
    },
  },
  '/console/access': {
    ...common,
    page: 'access',
    access,
    filter: '',
    whatIf: {
      asked: {
        caller: '',
        claims: JSON.stringify(
          {
            iss: 'https://token.actions.githubusercontent.com',
            sub: 'repo:acme/site:pull_request',
            repository: 'acme/site',
          },
          undefined,
          2,
        ),
        account: 'prod-aws',
        operation: 'AssumeRole',
        role: 'arn:aws:iam::210987654321:role/deploy',
      },
      isAllowed: false,
      lines: [
        'Refused: site-deploy: ClaimMismatch: A claim of the token is not what the grant asks for. deploy-site: claims should be sub: repo:acme/site:ref:refs/heads/main; there was another text, of 27 characters.',
      ],
      others: [
        {
          caller: 'site-deploy',
          grant: 'deploy-site',
          operation: 'AssumeRole',
          proof: 'a token of https://token.actions.githubusercontent.com: a branch',
          claims: JSON.stringify(
            { iss: 'https://token.actions.githubusercontent.com', sub: site, repository: 'acme/site' },
            undefined,
            2,
          ),
          role: 'arn:aws:iam::210987654321:role/deploy',
          conditions: [],
        },
      ],
    },
  },
};
