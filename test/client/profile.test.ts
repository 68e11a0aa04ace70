import { describe, expect, it } from 'vitest';
import { readProfile } from '../../lib/client/profile.ts';
import { clientErrorOf } from '../support/client.ts';

const fileOf = (profile: unknown): string => JSON.stringify({ profiles: { cos: profile } });

describe('a file of profiles', () => {
  it('holds profiles by name', () => {
    const profile = { server: 'https://c.example', lease: 'demo', proof: { kubernetes: {} } };

    expect(readProfile(fileOf(profile), 'cos', 'profiles.json')).toEqual({
      ...profile,
      proof: { kubernetes: { path: '/var/run/secrets/credmint/token' } },
    });
  });

  it.each([
    ['a member that is not known', { servre: 'hunter2' }, 'profiles.cos.servre'],
    ['a secret in the file', { proof: { token: 'hunter2' } }, 'profiles.cos.proof'],
    ['two proofs', { proof: { token: 'env:A', github: { audience: 'hunter2' } } }, 'profiles.cos.proof'],
  ])('is refused for %s, by its path and without its value', async (_, profile, path) => {
    const error = await clientErrorOf(() => readProfile(fileOf(profile), 'cos', 'profiles.json'));

    expect(error.message).toContain(path);
    expect(error.message).toContain('profiles.json');
    expect(error.message).not.toContain('hunter2');
  });

  it.each(['', '[]', '{"profiles": 1}'])('is refused if it is none: %s', async (text) => {
    expect(await clientErrorOf(() => readProfile(text, 'cos', 'profiles.json'))).toMatchObject({
      code: 'InvalidProfile',
    });
  });

  it('is named, if it is no JSON', async () => {
    expect((await clientErrorOf(() => readProfile('{', 'cos', 'profiles.json'))).message).toBe(
      'profiles.json, the file of profiles, is not JSON.',
    );
  });

  it('has no profile by an inherited name', async () => {
    expect(await clientErrorOf(() => readProfile(fileOf({}), 'constructor', 'profiles.json'))).toMatchObject({
      code: 'UnknownProfile',
    });
  });
});
