/** The configuration by which bundles are judged: two clouds, callers with a JWT, and a shared store. */
export const goal = {
  accounts: {
    prod: {
      cloud: 'aws',
      endpoint: 'https://sts.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
      key: 'runtime',
    },
    cos: {
      cloud: 'tencent-v3',
      endpoint: 'https://sts.tencentcloudapi.com',
      region: 'ap-guangzhou',
      key: { id: 'AKIDEXAMPLE', secret: 'ssm:/credmint/live/cos' },
    },
  },
  callers: { ci: { jwt: { preset: 'github-actions', audience: 'credmint', claims: { repository: 'acme/app' } } } },
  grants: [
    {
      name: 'deploy',
      callers: ['ci'],
      account: 'prod',
      operations: ['AssumeRole'],
      roles: ['arn:aws:iam::123456789012:role/deploy'],
      maxDurationSeconds: 3600,
    },
    {
      name: 'assets',
      callers: ['ci'],
      account: 'cos',
      operations: ['AssumeRole', 'GetFederationToken'],
      roles: ['qcs::cam::uin/100000000001:roleName/assets'],
    },
  ],
  store: {
    kind: 'dynamodb',
    table: 'credmint-live',
    region: 'eu-central-1',
    sealingKeys: ['ssm:/credmint/live/store'],
  },
};
