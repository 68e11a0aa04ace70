import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/config/load.ts';
import { configFaults } from '../support/expect-refusal.ts';

const why = 'looks like a reference, which is not followed here';
const account = { cloud: 'aws', endpoint: 'https://sts.example', key: { id: 'AKID', secret: 'env:SECRET' } };
const grant = { name: 'g', callers: ['session'], account: 'cloud', operations: ['AssumeRole'] };
const faults = (more: object) =>
  configFaults(() =>
    readConfig({ accounts: { cloud: account }, ...more }, { folder: '/nowhere', environment: { SECRET: 'secret' } }),
  );

describe('a text that looks like a reference where none is followed', () => {
  it.each(['env:REGION', 'file:region', 'ssm:/region', 'secretsmanager:all#region', 'tencent-ssm:region'])(
    'is refused by its path, whatever its kind: %s',
    (region) => {
      expect(faults({ accounts: { cloud: { ...account, region } } })).toEqual([`accounts.cloud.region: ${why}`]);
    },
  );

  it.each([
    ['accounts.cloud.federationRole', { accounts: { cloud: { ...account, federationRole: 'env:ROLE' } } }],
    ['grants.0.roles.1', { grants: [{ ...grant, roles: ['a', 'env:ROLE'] }] }],
    ['grants.0.tags.team', { grants: [{ ...grant, tags: { team: 'env:TEAM' } }] }],
    ['grants.0.claims.sub', { grants: [{ ...grant, claims: { sub: 'env:SUBJECT' } }] }],
    ['grants.0.claims.sub.1', { grants: [{ ...grant, claims: { sub: ['a', 'env:SUBJECT'] } }] }],
    ['callers.ci.jwt.issuer', { callers: { ci: { jwt: { issuer: 'env:ISSUER', audience: 'a' } } } }],
    ['store.username', { store: { kind: 'redis', url: 'redis://h', username: 'env:USER', sealingKeys: ['env:KEY'] } }],
    ['leases.l.role', { leases: { l: { operation: 'AssumeRole', account: 'cloud', role: 'env:ROLE' } } }],
    ['audit.sink.path', { audit: { sink: { kind: 'file', path: 'env:LOG' } } }],
  ])('is refused at %s', (path, more) => {
    expect(faults(more)).toEqual([`${path}: ${why}`]);
  });

  it("may stand in a policy, where it is the cloud's own text", () => {
    const policy = { Statement: [{ Effect: 'Allow', Action: ['ssm:GetParameter', 'secretsmanager:GetSecretValue'] }] };
    expect(faults({ grants: [{ ...grant, policy }] })).toEqual([]);
  });
});

describe('a name by which callers know the server', () => {
  it.each(['sts.example.com', 'sts.example.com:8443', 'localhost', '127.0.0.1:3000', '[::1]:3000', 'x_y.internal'])(
    'is one that a client signs: %s',
    (host) => {
      expect(faults({ publicHosts: [host] })).toEqual([]);
    },
  );

  it.each([
    'https://sts.example.com',
    'sts.example.com/',
    'STS.example.com',
    'sts.example.com.',
    'env:HOST',
    '::1',
    'a b',
  ])('is refused if no client signs it: %s', (host) => {
    expect(faults({ publicHosts: [host] })).toEqual([
      expect.stringMatching(/^publicHosts\.0: must be a host in lower/),
    ]);
  });
});

describe('a name that could reach a prototype', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('is refused: %s', (name) => {
    const json = JSON.parse(`{"grants": [{"claims": {"${name}": "x"}}]}`);
    expect(configFaults(() => readConfig(json, { folder: '/nowhere', environment: {} }))).toEqual([
      `grants.0.claims.${name}: is not a name that may be used`,
    ]);
  });
});
