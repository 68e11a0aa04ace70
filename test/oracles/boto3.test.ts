import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { boto3s, describeEach, runProgram } from '../support/programs.ts';

// boto3 is of Python, so it is what the machine has: .ci/run installs Debian's package. Skipped aloud without it.

const script = fileURLToPath(new URL('./call_by_boto3.py', import.meta.url));

interface Triad {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken?: string;
}
interface Call {
  readonly operation: string;
  readonly parameters?: object;
  readonly credentials?: Triad;
  readonly unsigned?: true;
}

let app: LaptopApp;
beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

const key = (): Triad => ({ AccessKeyId: app.access.accessKey.id, SecretAccessKey: app.access.accessKey.secret });
const asked = (more: object = {}) => ({ RoleArn: app.access.roles['aws'], RoleSessionName: 'me', ...more });

describeEach(boto3s, 'boto3', ({ path }) => {
  const call = async (...calls: readonly Call[]) => {
    const input = JSON.stringify(
      calls.map((one) => ({ endpoint: app.url, ...(one.unsigned ? {} : { credentials: key() }), ...one })),
    );
    // biome-ignore lint/suspicious/noExplicitAny: replies of many shapes
    return JSON.parse(await runProgram(path, [script], { home: app.folder, input })) as any[];
  };

  it('assumes a role with everything that can be said, and is somebody else then', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::a b+c/*' }],
    };
    const [reply] = await call({
      operation: 'assume_role',
      parameters: asked({
        Policy: JSON.stringify(policy),
        DurationSeconds: 900,
        ExternalId: 'a:b/c',
        SourceIdentity: 'ada',
        Tags: [{ Key: 'team + co', Value: 'データ' }],
        TransitiveTagKeys: ['team + co'],
      }),
    });
    expect(reply).toMatchObject({ SourceIdentity: 'ada', PackedPolicySize: expect.any(Number) });
    expect(Date.parse(reply.Credentials.Expiration)).toBeGreaterThan(Date.now() + 800_000);
    const [identity] = await call({ operation: 'get_caller_identity', credentials: reply.Credentials });
    expect(identity.Arn).toBe(reply.AssumedRoleUser.Arn);
  });

  it('has every operation', async () => {
    const [session, federation, web] = await call(
      { operation: 'get_session_token', parameters: { DurationSeconds: 900 } },
      { operation: 'get_federation_token', parameters: { Name: 'bob' } },
      {
        operation: 'assume_role_with_web_identity',
        parameters: asked({ WebIdentityToken: `${app.access.token}\n` }),
        unsigned: true,
      },
    );
    expect(session.Credentials.AccessKeyId).toMatch(/^ASIA/);
    expect(federation.FederatedUser.Arn).toMatch(/:federated-user\/bob$/);
    expect(web).toMatchObject({ SubjectFromWebIdentityToken: 'local', Audience: 'credmint' });
  });

  it('signs URLs that say who signed them', async () => {
    const operation = 'generate_presigned_url';
    const [get, post] = await call({ operation, parameters: { HttpMethod: 'GET' } }, { operation });
    for (const [method, url] of [
      ['GET', get],
      // What it signs for if nothing is said.
      ['POST', post],
    ]) {
      const response = await fetch(url, { method });
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(':user/local')]);
    }
  });

  it('is told what is wrong by the codes that it has classes for', async () => {
    const wrong = (parameters: object) => ({ operation: 'assume_role', parameters: asked(parameters) });
    const answers = await call(
      { operation: 'get_caller_identity', credentials: { ...key(), SecretAccessKey: 'wrong' } },
      { operation: 'get_caller_identity', credentials: { ...key(), AccessKeyId: 'AKIDNOBODY' } },
      wrong({ RoleArn: `${app.access.roles['aws']}s` }),
      wrong({ DurationSeconds: 43_201 }),
      wrong({ Policy: '{' }),
      wrong({ Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })) }),
    );
    expect(answers.map((answer) => [answer.Status, answer.Error.Code])).toEqual([
      [403, 'SignatureDoesNotMatch'],
      [403, 'InvalidClientTokenId'],
      [403, 'AccessDenied'],
      [400, 'ValidationError'],
      [400, 'MalformedPolicyDocument'],
      [400, 'ValidationError'],
    ]);
  });
});
