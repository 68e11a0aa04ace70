import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const token = 'a-token-of-no-less-than-thirty-two-characters';

const accounts = { aws: { cloud: 'aws', endpoint: 'https://sts.example', key: { id: 'AKID', secret: 'env:KEY' } } };
const environment = { KEY: 'secret', TOKEN: token, DOTTED: `${token}.x.y` };

const read = (written: object, more: Readonly<Record<string, string>> = {}) =>
  readConfig({ accounts, ...written }, { folder: '/etc/credmint', environment: { ...environment, ...more } });

const faults = (written: object): readonly string[] => configFaults(() => read(written));

const lease = { operation: 'AssumeRole', account: 'aws', role: 'arn:aws:iam::123456789012:role/demo' };
const on = { AWS_ACCESS_KEY_ID: 'ASIA', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('leases in the configuration', () => {
  it('ask for what a caller would ask, under a session of their own name', () => {
    const written = { ...lease, durationSeconds: 900, policy: { Statement: [] }, tags: { team: 'a' } };
    expect(read({ leases: { demo: written } }).leases.leases.get('demo')).toEqual({
      name: 'demo',
      account: 'aws',
      request: {
        operation: 'AssumeRole',
        account: 'aws',
        role: lease.role,
        sessionName: 'demo',
        durationSeconds: 900,
        policy: '{"Statement":[]}',
        tags: [{ key: 'team', value: 'a' }],
      },
      deliveries: [],
    });
    const federated = { operation: 'GetFederationToken', account: 'aws' };
    expect(read({ leases: { demo: federated } }).leases.leases.get('demo')?.request).toEqual({
      operation: 'GetFederationToken',
      account: 'aws',
      name: 'demo',
    });
  });

  it('are delivered to places whose usual settings need not be said', () => {
    const deliver = [
      { kind: 'file', path: 'run/demo.env', format: 'dotenv' },
      { kind: 'kubernetes', namespace: 'apps', secretName: 'demo' },
      { kind: 'tencent-ssm', secretName: 'demo', region: 'ap-guangzhou', key: { id: 'env:KEY', secret: 'env:KEY' } },
      { kind: 'ssm', parameter: '/demo', region: 'eu-central-1' },
    ];
    expect(read({ leases: { demo: { ...lease, deliver } } }, on).leases.leases.get('demo')?.deliveries).toMatchObject([
      { kind: 'file', path: '/etc/credmint/run/demo.env', format: 'dotenv' },
      {
        endpoint: new URL('https://kubernetes.default.svc'),
        tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
        caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
      },
      { versionId: 'credmint', endpoint: new URL('https://ssm.tencentcloudapi.com'), key: { id: 'secret' } },
      { kind: 'ssm', format: 'default' },
    ]);
  });

  it('let grants name who keeps them and who reads them', () => {
    const grant = { account: 'aws', operations: ['ReadLease'], leases: ['*'] };
    const grants = ['leases', 'lease-reader'].map((name) => ({ ...grant, name, callers: [name] }));
    expect(faults({ grants })).toEqual([]);
  });

  it.each([
    [
      'an account that is none',
      { ...lease, account: 'other' },
      'leases.demo.account: names other, which is not an account',
    ],
    [
      'a token that is a JWT',
      { ...lease, readToken: 'env:DOTTED' },
      /^leases\.demo\.readToken: must refer to at least 32/,
    ],
    [
      'a token that is short',
      { ...lease, readToken: 'env:KEY' },
      /^leases\.demo\.readToken: must refer to at least 32/,
    ],
    [
      'a role of a federated user',
      { ...lease, operation: 'GetFederationToken' },
      'leases.demo.role: is not known here',
    ],
    [
      'a place of AWS, where this process has no role',
      { ...lease, deliver: [{ kind: 'ssm', parameter: '/demo', region: 'eu-central-1' }] },
      'leases.demo.deliver.0: needs AWS, but the environment does not say where the credentials of this process are',
    ],
    [
      'a webhook in the open',
      { ...lease, deliver: [{ kind: 'webhook', url: 'http://hook.example', secret: 'env:KEY' }] },
      'leases.demo.deliver.0.url: must be https, or http on loopback',
    ],
  ])('are refused with %s', (_what, written, fault) => {
    expect(faults({ leases: { demo: written } })).toEqual([
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    ]);
  });
});
