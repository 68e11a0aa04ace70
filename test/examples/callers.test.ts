import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { byPlatform } from '../../lib/auth/gateway/by-platform.ts';
import { type Config, loadConfig } from '../../lib/config/load.ts';
import { certify } from '../support/certificates.ts';
import { newKey, now, proving, tokenOf } from '../support/token-issuer.ts';

const folder = fileURLToPath(new URL('../../examples/callers/', import.meta.url));
const guide = readFileSync(new URL('../../docs/callers.md', import.meta.url), 'utf8');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.jwks.json'))
  .map((file) => file.slice(0, -'.json'.length));

/** Every secret that an example refers to in the environment; files of TLS are where the operator has them. */
const environment = {
  AWS_DATA_SECRET: 'a secret',
  BACKUP_LAST_YEAR: 'the secret of last year',
  BACKUP_LOST: 'a lost secret',
  CREDMINT_SEAL: 'an example, not for use anywhere',
};

const written = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Record<string, unknown>;

const load = (name: string): Config => {
  try {
    return loadConfig(`${folder}${name}.json`, environment);
  } catch (thrown) {
    throw new Error(`${name}: ${(thrown as Error).message}`);
  }
};

/** The blocks of the guide that are of an example, by its name. */
const blocks = [...guide.matchAll(/```json ([a-z-]+)\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => ({
  name,
  block: JSON.parse(text) as Record<string, unknown>,
}));

describe('the guide to callers', () => {
  it('shows every example, and every example is shown', () => {
    expect(blocks.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it.each(blocks)('shows $name as its file has it', ({ name, block }) => {
    const whole = written(name);
    if ('callers' in block) expect(whole).toMatchObject(block);
    else expect(whole['callers']).toEqual(block);
  });
});

describe('an example', () => {
  it.each(names.filter((name) => name !== 'client-certificates'))('is a configuration: %s', (name) => {
    expect(load(name).grants).toHaveLength(1);
  });

  it('of TLS wants nothing but its files', () => {
    expect(() => load('client-certificates')).toThrow(
      /^client-certificates: The configuration is not usable:\n( {2}- tls\.(cert|key|clientCa): refers to file:[a-z]+\.(pem|key), which is missing or empty: \S+: nothing is there \(ENOENT\)( \(line \d+, column \d+\))?\n?){3}$/,
    );
  });
});

/** A token as each issuer writes it, what is changed in it, and whether it then proves the caller. */
const audience = 'https://credmint.example.com';
const tokens: Readonly<Record<string, { readonly claims: object; readonly others: readonly object[] }>> = {
  'github-actions': {
    claims: {
      iss: 'https://token.actions.githubusercontent.com',
      aud: audience,
      sub: 'repo:acme/site:ref:refs/heads/main',
      repository: 'acme/site',
      repository_id: '123456789',
      ref: 'refs/heads/main',
      event_name: 'push',
    },
    others: [
      { repository: 'acme/site2' },
      { repository_id: '1' },
      { ref: 'refs/heads/x' },
      { event_name: 'pull_request_target' },
    ],
  },
  gitlab: {
    claims: {
      iss: 'https://gitlab.acme.example',
      aud: audience,
      sub: 'project_path:acme/data/etl:ref_type:branch:ref:main',
      project_path: 'acme/data/etl',
      ref_protected: 'true',
      ref_type: 'branch',
    },
    others: [
      { project_path: 'acme/data/etl/fork' },
      { project_path: 'evil/acme/data/etl' },
      { ref_protected: 'false' },
    ],
  },
  kubernetes: {
    claims: {
      iss: 'https://kubernetes.default.svc.cluster.local',
      aud: [audience],
      sub: 'system:serviceaccount:ci:deploy',
      'kubernetes.io': { namespace: 'ci', serviceaccount: { name: 'deploy' } },
    },
    others: [{ sub: 'system:serviceaccount:web:deploy' }, { 'kubernetes.io': { namespace: 'web' } }],
  },
  spiffe: {
    claims: { iss: 'https://spire-oidc.acme.example', aud: [audience], sub: 'spiffe://acme.example/ns/ci/sa/deploy' },
    others: [{ sub: 'spiffe://acme.example/ns/web/sa/x' }, { sub: 'spiffe://evil.example/ns/ci/sa/deploy' }],
  },
  cognito: {
    claims: {
      iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example',
      aud: '4example23456789',
      sub: 'a1b2',
      token_use: 'id',
      'cognito:groups': ['readers', 'editors'],
    },
    others: [
      { token_use: 'access' },
      { 'cognito:groups': ['readers'] },
      { aud: undefined, client_id: '4example23456789' },
    ],
  },
  okta: {
    claims: {
      iss: 'https://acme.okta.com/oauth2/default',
      aud: 'api://credmint',
      sub: 'ada@acme.example',
      groups: ['data-analysts'],
    },
    others: [{ aud: 'api://default' }],
  },
};

describe.each(Object.entries(tokens))('a token of %s', (name, { claims, others }) => {
  const { jwtRules } = load(name);
  const [rule] = jwtRules;
  if (rule === undefined) throw new Error(name);
  const key = newKey(rule.algorithms.includes('RS256') ? 'RS256' : 'ES256');
  const prove = proving([{ ...rule, keys: { kind: 'here', jwks: { keys: [key.jwk] } } }]);

  it('proves the caller of the example', async () => {
    const answer = await prove(tokenOf(key, claims as never));
    expect(answer).toMatchObject({ name: rule.caller });
    expect(answer).not.toHaveProperty('auditOnlyViolations');
  });

  it('proves nobody with other claims', async () => {
    for (const other of others) expect(await prove(tokenOf(key, { ...claims, ...other }))).toHaveProperty('refused');
  });

  it('proves nobody by another algorithm than the preset has', async () => {
    const other = newKey('EdDSA');
    const answer = await proving([{ ...rule, keys: { kind: 'here', jwks: { keys: [other.jwk] } } }])(
      tokenOf(other, claims as never),
    );
    expect(answer).toMatchObject({ fault: 'AlgorithmRefused' });
  });
});

it('a rule that is tried out lets through, and says what it would refuse', async () => {
  const [rule] = load('okta').jwtRules;
  if (rule === undefined) throw new Error('okta');
  const key = newKey('RS256');
  const prove = proving([{ ...rule, keys: { kind: 'here', jwks: { keys: [key.jwk] } } }]);
  const token = tokenOf(key, { ...tokens['okta']?.claims, groups: ['everyone'] });
  expect(await prove(token)).toMatchObject({ name: 'analysts', auditOnlyViolations: [{ reason: 'ClaimMismatch' }] });
});

describe('what gateways say in the examples', () => {
  const gateway = { platform: 'aws', id: 'a1b2c3d4e5', account: '123456789012' } as const;
  const { platform } = load('gateway-authorizers');
  const who = byPlatform(platform);
  const unknowing = { headers: {}, ignore: () => undefined };

  it.each([
    ['users', 'jwt', { iss: 'https://idp.acme.example', client_id: 'dashboard' }],
    ['runner', 'iam', { userArn: 'arn:aws:sts::123456789012:assumed-role/ci-runner/42' }],
    ['device', 'lambda', { fleet: 'sensors' }],
  ] as const)('proves %s', (caller, kind, claims) => {
    expect(who.caller({ ...unknowing, platform: { gateway, authorizer: { kind, claims } } }, now)?.name).toBe(caller);
    const elsewhere = { ...gateway, account: '210987654321' };
    expect(
      who.caller({ ...unknowing, platform: { gateway: elsewhere, authorizer: { kind, claims } } }, now),
    ).toBeUndefined();
  });

  it('proves app, by a key of Tencent’s gateway', () => {
    const authorizer = { kind: 'key', claims: { secretId: 'AKIDgatewaykeyexample' } } as const;
    const around = {
      ...unknowing,
      platform: { gateway: { platform: 'tencent', id: 'service-f94sy04v' } as const, authorizer },
    };
    expect(who.caller(around, now)?.name).toBe('app');
  });
});

it('distinguished names are written as the guide says', () => {
  const authority = certify({ subject: 'C=DE, O=Partner, CN=Partner Issuing CA', ca: true });
  const upload = certify({ subject: 'C=DE, O=Partner, CN=upload', by: authority });
  const { callers } = written('client-certificates') as {
    readonly callers: Record<string, { readonly certificate: { readonly issuer?: string; readonly subject?: string } }>;
  };
  const partner = callers['partner']?.certificate;
  const rules = {
    certificates: [
      { caller: 'partner', from: 'tls' as const, issuer: partner?.issuer ?? '', subjects: [partner?.subject ?? ''] },
    ],
    authorizers: [],
  };
  const platform = { certificate: { pem: upload.pem, by: 'tls' as const, trusted: true } };
  const around = { headers: {}, platform, ignore: () => undefined };
  expect(byPlatform(rules).caller(around, now)?.name).toBe('partner');
});
