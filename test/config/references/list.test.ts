import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { listReferences } from '../../../lib/config/references/list.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const key = { id: 'env:ID', secret: 'file:secret', token: 'ssm:/token' };
const member = 'secretsmanager:all#member';

/** A configuration with a reference in every place where one may stand. */
const everywhere = {
  $schema: 'file:./credmint.config.schema.json',
  accounts: {
    keyed: { cloud: 'aws', endpoint: 'https://sts.example', key },
    keyless: { cloud: 'aws', endpoint: 'https://sts.example', webIdentity: { token: 'file:token' } },
    own: { cloud: 'authority' },
  },
  callers: {
    one: {
      accessKey: { id: 'env:ONE', secret: 'env:ONE_SECRET' },
      jwt: { audience: 'a', issuer: 'i', jwks: 'file:jwks' },
    },
    several: {
      accessKey: [
        { id: 'AKID', secret: 'sealed:AAAA' },
        { id: 'AKID2', secret: member },
      ],
      jwt: { audience: ['a'], issuer: 'https://i.example', jwks: 'https://i.example/jwks' },
    },
  },
  seal: { keys: ['env:SEAL'] },
  tls: { cert: 'file:cert.pem', key: 'file:key.pem', clientCa: 'file:ca.pem' },
  grants: [{ name: 'g', callers: ['one'], account: 'own', operations: ['AssumeRole'], externalId: 'env:EXTERNAL' }],
  leases: {
    fresh: {
      operation: 'AssumeRole',
      account: 'own',
      role: 'demo',
      readToken: 'env:READ',
      deliver: [
        { kind: 'tencent-ssm', secretName: 's', region: 'r', key },
        { kind: 'webhook', url: 'https://h.example', secret: 'env:HOOK' },
      ],
    },
  },
  notify: [{ kind: 'webhook', url: 'https://h.example', secret: 'env:NOTIFY' }],
  authority: { keys: ['env:AUTHORITY', 'tencent-ssm:before'] },
  audit: {
    sink: { kind: 'sqs', endpoint: 'https://q.example/1/q', region: 'r', key },
    key: 'file:audit.pem',
    olderKeys: ['file:older.pem'],
  },
  store: {
    kind: 'redis',
    url: 'env:REDIS',
    password: 'env:PASSWORD',
    tls: { ca: 'file:redis.pem' },
    sealingKeys: ['env:STORE', 'kms:AAAAAAAAAAAAAAAA'],
  },
  events: {
    recipients: {
      them: {
        jwk: 'file:jwk.json',
        callers: ['one'],
        reply: { kind: 'webhook', url: 'https://h.example', secret: 'env:REPLY' },
      },
    },
  },
};

const expected: Readonly<Record<string, string>> = {
  'accounts.keyed.key.id': 'env:ID',
  'accounts.keyed.key.secret': 'file:secret',
  'accounts.keyed.key.token': 'ssm:/token',
  'accounts.keyless.webIdentity.token': 'file:token',
  'callers.one.accessKey.id': 'env:ONE',
  'callers.one.accessKey.secret': 'env:ONE_SECRET',
  'callers.one.jwt.jwks': 'file:jwks',
  'callers.several.accessKey.1.secret': member,
  'seal.keys.0': 'env:SEAL',
  'tls.cert': 'file:cert.pem',
  'tls.key': 'file:key.pem',
  'tls.clientCa': 'file:ca.pem',
  'grants.0.externalId': 'env:EXTERNAL',
  'leases.fresh.readToken': 'env:READ',
  'leases.fresh.deliver.0.key.id': 'env:ID',
  'leases.fresh.deliver.0.key.secret': 'file:secret',
  'leases.fresh.deliver.0.key.token': 'ssm:/token',
  'leases.fresh.deliver.1.secret': 'env:HOOK',
  'notify.0.secret': 'env:NOTIFY',
  'authority.keys.0': 'env:AUTHORITY',
  'authority.keys.1': 'tencent-ssm:before',
  'audit.sink.key.id': 'env:ID',
  'audit.sink.key.secret': 'file:secret',
  'audit.sink.key.token': 'ssm:/token',
  'audit.key': 'file:audit.pem',
  'audit.olderKeys.0': 'file:older.pem',
  'store.url': 'env:REDIS',
  'store.password': 'env:PASSWORD',
  'store.tls.ca': 'file:redis.pem',
  'store.sealingKeys.0': 'env:STORE',
  'events.recipients.them.jwk': 'file:jwk.json',
  'events.recipients.them.reply.secret': 'env:REPLY',
};

describe('the references of a configuration', () => {
  it('are listed with their paths, wherever one may stand', () => {
    const found = listReferences(everywhere).map(({ path, reference }) => [path, reference]);
    expect(Object.fromEntries(found)).toEqual(expected);
    expect(found).toHaveLength(Object.keys(expected).length);
  });

  it('are the ones that reading follows: each that leads nowhere is a fault at its path', () => {
    const missing = configFaults(() => readConfig(everywhere, { folder: '/nowhere', environment: {} }))
      .filter((fault) => fault.includes('which is missing or empty'))
      .map((fault) => fault.split(': ')[0]);
    // The identity token is read for each mint, and a Redis without a URL is not asked for a password.
    const later = ['accounts.keyless.webIdentity.token', 'store.password', 'store.tls.ca'];
    expect([...missing, ...later].sort()).toEqual(Object.keys(expected).sort());
  });

  it.each([[undefined], [null], ['env:A'], [[]], [{ accounts: 1 }], [{ accounts: { a: { key: { id: 'env:A' } } } }]])(
    'are none if the form is not valid: %j',
    (json) => {
      expect(listReferences(json)).toEqual([]);
    },
  );
});
