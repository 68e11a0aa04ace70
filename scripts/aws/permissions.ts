import type { WrittenConfig } from '../../lib/config/schema.ts';
import { readBy } from '../package/function-configuration.ts';
import { remoteReferences } from '../package/selection.ts';

/** One statement of a policy of IAM, with functions of CloudFormation in the place of what only the stack knows. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

const allow = (Action: Statement['Action'], Resource: unknown, Condition?: object): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

const arnOf = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** A resource of the stack's own account and region. */
const ownArn = (service: string, resource: string): object => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});

/** The stack's key, for what these services of AWS keep with it. */
const byServices = (action: Statement['Action'], services: readonly string[]): readonly Statement[] =>
  services.length === 0
    ? []
    : [
        allow(action, arnOf('Key'), {
          StringEquals: {
            'kms:ViaService': services.map((service) => ({ 'Fn::Sub': `${service}.\${AWS::Region}.amazonaws.com` })),
          },
        }),
      ];

/** The ARN of each secret that references of a kind name. A version or a member of it is no part of its name. */
const namedBy = (references: readonly string[], kind: string, own: (name: string) => object): readonly unknown[] => {
  const names = references.flatMap((reference) =>
    reference.startsWith(`${kind}:`) ? [reference.slice(kind.length + 1).replace(/#.*$/, '')] : [],
  );
  return [...new Set(names)].map((name) => (name.startsWith('arn:') ? name : own(name)));
};

/** What reading its own secrets takes. */
const secretsOf = (written: WrittenConfig): readonly Statement[] => {
  const references = remoteReferences(written);
  // A version or a label may stand behind the name (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html).
  const unversioned = references.map((one) => one.replace(/^(ssm:(?:arn:(?:[^:]*:){4})?(?!arn:)[^:#]*):[^#]*/, '$1'));
  const parameters = namedBy(unversioned, 'ssm', (name) => ownArn('ssm', `parameter/${name.replace(/^\//, '')}`));
  // Secrets Manager adds a dash and six characters to the name.
  const secrets = namedBy(references, 'secretsmanager', (name) => ownArn('secretsmanager', `secret:${name}-??????`));
  return [
    ...(parameters.length === 0 ? [] : [allow('ssm:GetParameter', parameters)]),
    ...(secrets.length === 0 ? [] : [allow('secretsmanager:GetSecretValue', secrets)]),
    ...byServices('kms:Decrypt', [
      ...(parameters.length === 0 ? [] : ['ssm']),
      ...(secrets.length === 0 ? [] : ['secretsmanager']),
    ]),
  ];
};

const storeOf = ({ store }: WrittenConfig): readonly Statement[] => {
  if (store === undefined || store.kind === 'memory') return [];
  const sealedByKms = store.sealingKeys.some((key) => key.startsWith('kms:'));
  return [
    ...(store.kind === 'dynamodb'
      ? [
          allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], arnOf('Table')),
          ...byServices('kms:Decrypt', ['dynamodb']),
        ]
      : []),
    ...(sealedByKms
      ? [allow('kms:Decrypt', arnOf('Key'), { StringEquals: { 'kms:EncryptionContext:purpose': 'credmint-store' } })]
      : []),
  ];
};

/** The issuer's key signs for who may have tokens of it, and for accounts that are proven by them. */
const issuerOf = (functionName: string, { issuer, accounts }: WrittenConfig): readonly Statement[] => {
  const isInKms = issuer?.keys.some((key) => key.startsWith('kms:')) ?? false;
  const provesAccounts = Object.values(accounts).some(
    (account) => account.cloud !== 'authority' && account.webIdentity?.token === 'issuer',
  );
  if (!isInKms || (functionName !== 'sts' && !provesAccounts)) return [];
  return [
    allow('kms:Sign', arnOf('IssuerKey'), {
      StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256', 'kms:MessageType': 'DIGEST' },
    }),
    allow('kms:GetPublicKey', arnOf('IssuerKey')),
  ];
};

/** Leases are delivered apart from where the functions' own secrets are read. */
const deliveriesOf = ({ leases }: WrittenConfig): readonly Statement[] => {
  const kinds = new Set(Object.values(leases).flatMap(({ deliver }) => deliver.map(({ kind }) => kind)));
  const place = `/\${sls:stage}/*`;
  return [
    ...(kinds.has('ssm') ? [allow('ssm:PutParameter', ownArn('ssm', `parameter/credmint-leases${place}`))] : []),
    ...(kinds.has('secretsmanager')
      ? [allow('secretsmanager:PutSecretValue', ownArn('secretsmanager', `secret:credmint-leases${place}`))]
      : []),
    // Encrypting a parameter or a secret takes both.
    ...byServices(
      ['kms:GenerateDataKey', 'kms:Encrypt'],
      ['ssm', 'secretsmanager'].filter((kind) => kinds.has(kind as 'ssm')),
    ),
  ];
};

/** What comes by the queue, and what is sent in reply. What fails goes to the dead letters, whatever is configured. */
const eventsOf = ({ events }: WrittenConfig): readonly Statement[] => {
  const replies = new Set(Object.values(events?.recipients ?? {}).map(({ reply }) => reply.kind));
  return [
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arnOf('Requests')),
    allow('sqs:SendMessage', [...(replies.has('sqs') ? [arnOf('Replies')] : []), arnOf('DeadLetters')]),
    ...(replies.has('eventbridge') ? [allow('events:PutEvents', arnOf('Bus'))] : []),
  ];
};

/**
 * What the role of a function is allowed by this configuration besides writing its own log: what the function does, on the
 * resources that it does it to.
 */
export const permissionsOf = (functionName: string, written: WrittenConfig): readonly Statement[] => {
  const read = readBy(functionName, written);
  if (read === undefined) return [];
  return [
    ...storeOf(read),
    ...secretsOf(read),
    ...issuerOf(functionName, read),
    ...(functionName === 'refreshLeases' ? deliveriesOf(read) : []),
    ...(functionName === 'mintOnEvent' ? eventsOf(read) : []),
  ];
};

/** The policies of a function's role, as CloudFormation takes them. */
export const policiesOf = (functionName: string, written: WrittenConfig): readonly object[] => {
  const policy = (PolicyName: string, Statement: readonly Statement[]): readonly object[] =>
    Statement.length === 0 ? [] : [{ PolicyName, PolicyDocument: { Version: '2012-10-17', Statement } }];
  const id = `${functionName.charAt(0).toUpperCase()}${functionName.slice(1)}`;
  return [
    ...policy('log', [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(`${id}LogGroup`))]),
    ...policy('work', permissionsOf(functionName, written)),
  ];
};
