import { describe, expect, it } from 'vitest';
import { awsUpstream } from '../../../lib/clouds/aws/cloud.ts';
import { type Profile, profiles } from '../../../lib/clouds/aws/profiles.ts';
import { tencentV3Upstream } from '../../../lib/clouds/tencent-v3/cloud.ts';
import type { Account } from '../../../lib/core/cloud.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { ask, type ProbeDeps } from '../../../lib/diagnostics/probe/ask.ts';
import { reportOf } from '../../../lib/diagnostics/probe/report.ts';
import { nodeTransport } from '../../../lib/transport/node-http.ts';
import { openStore, storeKey, storeRole } from '../../support/store-stand-in.ts';

type Name = keyof typeof profiles;
const rows = Object.entries(profiles) as readonly (readonly [Name, Profile])[];
/** Those that a key can be used at. */
const keyed = rows.filter(([, { accepts, ignoresRole }]) => ignoresRole || accepts.AssumeRole).map(([name]) => name);

const depsOf = (account: Account, changes: Partial<ProbeDeps> = {}): ProbeDeps => ({
  upstream: awsUpstream,
  account,
  role: storeRole,
  transport: nodeTransport(),
  moment: () => ({ now: new Date(), nonce: 1 }),
  signal: () => AbortSignal.timeout(60_000),
  ...changes,
});

interface Probed {
  /** The configured profile, if it is not the store's own. */
  readonly profile?: string | undefined;
  readonly changes?: Partial<Account>;
  readonly role?: string;
}

const probeOf = async (store: Name, { changes = {}, ...probed }: Probed = {}) => {
  const profile = 'profile' in probed ? probed.profile : store;
  const stand = await openStore(store);
  try {
    const account: Account = {
      name: 'store',
      cloud: 'aws',
      // A wrong profile knows the wrong path.
      endpoint: new URL(profiles[store].path, stand.url),
      key: storeKey,
      ...(profile === undefined ? {} : { profile }),
      ...changes,
    };
    const replies = await ask(depsOf(account, 'role' in probed ? { role: probed.role ?? '' } : {}));
    const { lines, isFit } = reportOf(awsUpstream, profile, replies);
    return { isFit, text: lines.join('\n'), best: lines.find((line) => line.startsWith('Fits best')) ?? '', stand };
  } finally {
    await stand.close();
  }
};

describe('a probe of a store', () => {
  it.each(keyed)('says that its own profile fits, and none better: %s', async (name) => {
    const { isFit, text, best } = await probeOf(name);
    expect(isFit, text).toBe(true);
    expect(best).toMatch(new RegExp(`, ${name}[;.]`));
  });

  it.each(keyed)('finds that it is not the whole of AWS: %s', async (name) => {
    const { isFit, text } = await probeOf(name, { profile: undefined });
    expect([isFit, text.includes("The account's own does not fit: ")]).toEqual([false, true]);
  });

  it.each([
    ['noobaa', 'ceph', 'ignores session policies'],
    ['vast', 'ceph', 'refuses session policies'],
    ['minio', 'storagegrid', 'ignores the role'],
    ['ceph', 'minio', 'does not ignore the role'],
    ['ceph', 'seaweedfs', 'has no GetFederationToken'],
    ['storagegrid', 'wasabi', 'has no GetSessionToken'],
  ] as const)('says what another profile would get wrong: %s called as %s', async (store, profile, why) => {
    const { isFit, text } = await probeOf(store, { profile });
    expect([isFit, text]).toEqual([false, expect.stringContaining(why)]);
  });

  it('without a role that it may assume, says what that leaves unclear', async () => {
    const stand = await openStore('noobaa');
    const account: Account = {
      name: 's',
      cloud: 'aws',
      endpoint: new URL(stand.url),
      key: storeKey,
      profile: 'noobaa',
    };
    const { role: _, ...deps } = depsOf(account);
    const { lines } = reportOf(awsUpstream, 'noobaa', await ask(deps));
    await stand.close();
    expect(lines.filter((line) => line.includes('--role'))).toHaveLength(2);
  });

  it('asks for no more than 900 seconds, and prints nothing that was given', async () => {
    const { text, stand } = await probeOf('minio');
    const asked = stand.calls.flatMap(({ body }) => new URLSearchParams(body).getAll('DurationSeconds'));
    expect(new Set(asked)).toEqual(new Set(['900']));
    expect(text).not.toMatch(/the-secret-that-was-given|ASIA/);
  });

  it('says that the key is refused, if it is', async () => {
    const { isFit, text } = await probeOf('ceph', { changes: { key: { id: 'AKIAOTHER', secret: new Secret('no') } } });
    expect([isFit, text]).toEqual([false, "The system refuses the account's key, or the signature made by it."]);
  });
});

describe('an account that cannot be asked', () => {
  const account: Account = { name: 's', cloud: 'aws', endpoint: new URL('https://store.example') };

  it('has no key', async () => {
    await expect(ask(depsOf(account))).rejects.toMatchObject({ code: 'Misconfigured' });
  });

  it('is at a cloud without profiles', async () => {
    const elsewhere = depsOf({ ...account, key: storeKey }, { upstream: tencentV3Upstream });
    await expect(ask(elsewhere)).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  });
});

describe('a code that a store made up', () => {
  it('is printed without what a terminal could take for a command', () => {
    const refusal = { isGiven: false, code: 'CloudRefused', status: 400, word: '\u001b[2JGone' } as const;
    const { lines } = reportOf(awsUpstream, 'ceph', new Map([['GetSessionToken', refusal]]));
    expect(lines).toContain('GetSessionToken: unclear (400 ??2JGone)');
  });
});
