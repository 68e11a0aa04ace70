import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctor } from '../../bin/commands/doctor.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

let app: LaptopApp;
beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

// In this process, as the server that is asked is in it, too.
const run = async (...args: readonly string[]) => {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const io = { clouds, stdout: { write }, stderr: { write }, environment: {} };
  const status = await doctor.run([...args, '--config', join(app.folder, 'credmint.config.json')], io);
  return { status, text };
};

describe('credmint doctor --account', () => {
  it('finds that a whole AWS STS is one, by the account’s key over the wire', async () => {
    const { status, text } = await run('--account', 'aws', '--role', app.access.roles['aws'] ?? '');
    expect(text).toBe(
      [
        'GetCallerIdentity: yes',
        'AssumeRole: yes',
        'GetFederationToken: yes',
        'GetSessionToken: yes',
        'Session policies: read, since a malformed one is refused. Whether they are obeyed, only a use can show.',
        'Roles: told apart.',
        'Fits best: AWS, no profile.',
        "The account's own fits: AWS, no profile.",
        '',
      ].join('\n'),
    );
    expect(status).toBe(0);
  });

  it('says what it found to programs, too', async () => {
    const { status, text } = await run('--account', 'aws', '--role', app.access.roles['aws'] ?? '', '--json');
    expect(JSON.parse(text)).toMatchObject({
      isFit: true,
      fitsBest: [null],
      abilities: { has: { GetSessionToken: 'yes' }, policies: 'read', roles: 'distinguished' },
    });
    expect(status).toBe(0);
  });

  it.each([
    ['that the account is none of the configuration', 'none', 'There is no such account'],
    ['that there is nothing to ask of the built-in STS', 'authority', 'cannot be asked'],
    ['that there is nothing to ask of a cloud without profiles', 'ucloud', 'there is nothing to ask it'],
  ])('says %s', async (_, account, why) => {
    expect(await run('--account', account)).toEqual({ status: 2, text: expect.stringContaining(why) });
  });
});
