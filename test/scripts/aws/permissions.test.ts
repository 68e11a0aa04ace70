import { describe, expect, it } from 'vitest';
import { permissionsOf, policiesOf } from '../../../scripts/aws/permissions.ts';
import { functionNames } from '../../../scripts/bundle.ts';
import { goal } from '../../support/packaged/goal.ts';
import { writtenOf } from '../../support/packaged/written.ts';

const actions = (name: string, json: object): string[] =>
  permissionsOf(name, writtenOf(json))
    .flatMap(({ Action }) => Action)
    .sort();
const resources = (name: string, json: object): string => JSON.stringify(permissionsOf(name, writtenOf(json)));

const minting = ['assumeRole', 'getFederationToken', 'sts', 'mintOnEvent', 'refreshLeases'];
const account = (secret: string) => ({
  accounts: { there: { cloud: 'ucloud', endpoint: 'https://api.ucloud.cn', key: { id: 'id', secret } } },
});
const keys = ['kms:arn:aws:kms:eu-central-1:123456789012:key/0d5ff1e2-0000-0000-0000-000000000000'];
const issuer = { issuer: { url: 'https://id.example.com', keys } };
const keyless = {
  accounts: {
    own: { cloud: 'aws', endpoint: 'https://sts.amazonaws.com', webIdentity: { token: 'issuer', audience: 'sts' } },
  },
};
const lease = (deliver: object) => ({
  leases: { nightly: { account: 'there', operation: 'AssumeRole', role: 'r', deliver: [deliver] } },
});

describe('the role of a function', () => {
  it.each(functionNames())('of an empty configuration may write its own log, and what its sources take: %s', (name) => {
    expect(actions(name, {})).toEqual(
      name === 'mintOnEvent'
        ? ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage']
        : [],
    );
    expect(JSON.stringify(policiesOf(name, writtenOf({}))[0])).toMatch(
      /"logs:PutLogEvents"\],"Resource":\{"Fn::GetAtt"/,
    );
  });

  it.each(minting)('may use the table only if the configuration has it: %s', (name) => {
    expect(actions(name, goal)).toContain('dynamodb:PutItem');
    expect(
      actions(name, { ...goal, store: { kind: 'memory' } }).filter((action) => action.startsWith('dynamodb')),
    ).toEqual([]);
  });

  it('may read the secrets that its function follows, each by its name', () => {
    expect(resources('assumeRole', account('ssm:/credmint/live/a'))).toContain(':parameter/credmint/live/a"');
    expect(resources('assumeRole', account('secretsmanager:live/a#key'))).toContain(':secret:live/a-??????"');
    expect(resources('assumeRole', account('ssm:arn:aws:ssm:eu-central-1:1:parameter/a'))).toContain(
      '["arn:aws:ssm:eu-central-1:1:parameter/a"]',
    );
    expect(actions('assumeRole', account('env:SECRET'))).toEqual([]);
  });

  it.each(['/a', '/a:3', '/a:live', 'arn:aws:ssm:eu-central-1:1:parameter/a:3'])(
    'may read a parameter in the version that it follows, which is no part of its ARN: %s',
    (name) => {
      expect(resources('assumeRole', account(`ssm:${name}`))).toContain(':parameter/a"');
    },
  );

  it('may read no secret of what its function leaves to others', () => {
    const json = {
      callers: { ci: { accessKey: { id: 'AKID', secret: 'ssm:/callers' } } },
      ...lease({ kind: 'webhook', url: 'https://hooks.example.com/', secret: 'ssm:/deliveries' }),
    };

    expect(resources('assumeRole', json)).toContain('parameter/callers');
    expect(resources('assumeRole', json)).not.toContain('deliveries');
    expect(resources('sts', json)).not.toContain('deliveries');
    expect(resources('refreshLeases', json)).not.toContain('callers');
    expect(resources('refreshLeases', json)).toContain('parameter/deliveries');
  });

  it('may sign as the issuer where tokens are issued, or prove an account', () => {
    expect(minting.filter((name) => actions(name, issuer).includes('kms:Sign'))).toEqual(['sts']);
    expect(minting.filter((name) => actions(name, { ...issuer, ...keyless }).includes('kms:Sign'))).toEqual(minting);
    expect(actions('sts', { issuer: { ...issuer.issuer, keys: ['ssm:/issuer'] } })).not.toContain('kms:Sign');
  });

  it('may deliver only to the kinds of places that there are, if it delivers', () => {
    const json = lease({ kind: 'ssm', parameter: '/credmint-leases/live/a', region: 'eu-central-1' });

    expect(actions('refreshLeases', json)).toEqual(['kms:Encrypt', 'kms:GenerateDataKey', 'ssm:PutParameter']);
    expect(resources('refreshLeases', json)).not.toContain('secretsmanager');
    expect(actions('sts', json)).toEqual([]);
  });
});
