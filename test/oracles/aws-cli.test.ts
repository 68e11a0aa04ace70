import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { awsClis, describeEach, runProgram } from '../support/programs.ts';

// The AWS CLI is what the machine has: .ci/run installs Debian's package. Skipped aloud without it.

let app: LaptopApp;
beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

const file = (name: string, text: string): string => {
  const path = join(app.folder, name);
  writeFileSync(path, text);
  return `file://${path}`;
};

describeEach(awsClis, 'the AWS CLI', ({ path }) => {
  const aws = async (args: readonly string[], credentials: Readonly<Record<string, string>> = {}) => {
    const environment = {
      AWS_ACCESS_KEY_ID: app.access.accessKey.id,
      AWS_SECRET_ACCESS_KEY: app.access.accessKey.secret,
      AWS_MAX_ATTEMPTS: '1',
      ...credentials,
    };
    const whole = ['sts', ...args, '--endpoint-url', app.url, '--region', 'us-east-1', '--output', 'json'];
    return JSON.parse(await runProgram(path, whole, { home: app.folder, environment }));
  };
  const asked = () => ['--role-arn', app.access.roles['aws'] ?? '', '--role-session-name', 'cli'];

  it('assumes a role, and is somebody else then', async () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const { Credentials, AssumedRoleUser } = await aws([
      'assume-role',
      ...asked(),
      '--policy',
      file('policy.json', `${JSON.stringify(policy, null, 2)}\n`),
      '--tags',
      'Key=team + co,Value=データ',
      '--transitive-tag-keys',
      'team + co',
      '--duration-seconds',
      '900',
    ]);
    const identity = await aws(['get-caller-identity'], {
      AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials.SessionToken,
    });
    expect(identity.Arn).toBe(AssumedRoleUser.Arn);
  });

  it('shows the token of a file as it is, with the newline at its end', async () => {
    const token = file('cli-token', `${app.access.token}\n`);
    const answer = await aws(['assume-role-with-web-identity', ...asked(), '--web-identity-token', token]);
    expect(answer).toMatchObject({ SubjectFromWebIdentityToken: 'local', Provider: app.url });
  });

  it('gets session and federation tokens', async () => {
    const [session, federation] = await Promise.all([
      aws(['get-session-token', '--duration-seconds', '900']),
      aws(['get-federation-token', '--name', 'bob']),
    ]);
    expect(session.Credentials.AccessKeyId).toMatch(/^ASIA/);
    expect(federation.FederatedUser.Arn).toMatch(/:federated-user\/bob$/);
  });

  it('prints the code of a refusal', async () => {
    await expect(aws(['assume-role', ...asked(), '--duration-seconds', '43201'])).rejects.toMatchObject({
      stderr: expect.stringContaining('(ValidationError)'),
    });
    await expect(aws(['get-caller-identity'], { AWS_SECRET_ACCESS_KEY: 'wrong' })).rejects.toMatchObject({
      stderr: expect.stringContaining('(SignatureDoesNotMatch)'),
    });
  });
});
