import { rulesOf } from '../../lib/app/rules.ts';
import { awsUpstream } from '../../lib/clouds/aws/cloud.ts';
import { tencentV3Upstream } from '../../lib/clouds/tencent-v3/cloud.ts';
import { ucloudUpstream } from '../../lib/clouds/ucloud/cloud.ts';
import { readConfig } from '../../lib/config/load.ts';
import type { MintOperation, TokenRequest } from '../../lib/core/requests.ts';
import type { Rules } from '../../lib/grants/authorize.ts';
import type { Question } from '../../lib/grants/evaluate.ts';

/** A configuration with four accounts and the callers `ci` and `app`, and these grants. */
export const written = (...grants: readonly object[]) => ({
  accounts: {
    prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'AKIDPROD', secret: 'env:SECRET' } },
    cos: { cloud: 'tencent-v3', endpoint: 'https://cos.example.test/', key: { id: 'AKIDCOS', secret: 'env:SECRET' } },
    us3: {
      cloud: 'ucloud',
      endpoint: 'https://us3.example.test/',
      key: { id: 'AKIDUS3', secret: 'env:SECRET' },
      federationRole: 'ucs:iam::55:role/federation',
    },
    ceph: {
      cloud: 'aws',
      endpoint: 'https://rgw.example.test/',
      key: { id: 'AKIDCEPH', secret: 'env:SECRET' },
      federationRole: 'arn:aws:iam:::role/federation',
    },
  },
  callers: {
    ci: { accessKey: { id: 'AKIDCI', secret: 'env:SECRET' } },
    app: { accessKey: { id: 'AKIDAPP', secret: 'env:SECRET' } },
  },
  grants: grants.map((grant, index) => ({
    name: `grant-${index}`,
    callers: ['ci'],
    account: 'prod',
    operations: ['AssumeRole'],
    roles: ['arn:aws:iam::123456789012:role/deploy'],
    ...grant,
  })),
});

/** Reads that configuration; rejects one that is faulty. */
export const readRules = (...grants: readonly object[]) =>
  readConfig(written(...grants), { folder: '.', environment: { SECRET: 'a secret of the test' } });

export const rulesFor = (...grants: readonly object[]): Rules =>
  rulesOf(readRules(...grants), [awsUpstream, tencentV3Upstream, ucloudUpstream], undefined);

type Mints = TokenRequest<MintOperation>;

/** A question that the plain grant allows, changed as the test likes. */
export const ask = (
  changes: { caller?: string; claims?: Record<string, unknown>; sourceIp?: string; now?: Date; dialect?: string } = {},
  request: Partial<Mints> = {},
): Question<Mints> => ({
  caller: {
    name: changes.caller ?? 'ci',
    proof: 'jwt',
    ...(changes.claims === undefined ? {} : { claims: changes.claims }),
  },
  request: (request.operation === 'GetFederationToken'
    ? request
    : {
        operation: 'AssumeRole',
        role: 'arn:aws:iam::123456789012:role/deploy',
        sessionName: 'build',
        ...request,
      }) as Mints,
  dialect: changes.dialect ?? 'json',
  ...(changes.sourceIp === undefined ? {} : { sourceIp: changes.sourceIp }),
  now: changes.now ?? new Date('2026-11-22T12:00:00Z'),
});
