import { describe, expect, it } from 'vitest';
import type { ProofSettings } from '../../lib/client/profile.ts';
import { type ProveDeps, proverOf } from '../../lib/client/prove.ts';
import { requestOf } from '../../lib/client/question.ts';
import { Secret } from '../../lib/core/secret.ts';
import { readSigv4, verifySigv4 } from '../../lib/signers/sigv4-verify.ts';
import { clientErrorOf, fakeTransport, noDeadline } from '../support/client.ts';

const request = requestOf(new URL('https://c.example'), { kind: 'role', role: 'r', sessionName: 'me' });
const nobody = () => Promise.reject(new Error('Nobody is to be asked.'));

const prove = (proof: ProofSettings, deps: Partial<ProveDeps> = {}) =>
  proverOf(proof, {
    environment: {},
    transport: nobody,
    now: () => new Date('2026-11-22T12:00:00Z'),
    readFile: nobody,
    runCommand: nobody,
    loginToken: nobody,
    ...deps,
  })(request, noDeadline());

const bearer = async (...given: Parameters<typeof prove>) => (await prove(...given)).headers['authorization'];

describe('a proof', () => {
  it('is a token of a variable, of a file, of a command, or of a login', async () => {
    expect(await bearer({ token: 'env:T' }, { environment: { T: 'a.b.c' } })).toBe('Bearer a.b.c');
    expect(await bearer({ token: 'env:T' }, { environment: { T: '\ufeffa.b.c\r\n' } })).toBe('Bearer a.b.c');
    expect(await bearer({ token: 'file:/t' }, { readFile: async (path) => `${path.slice(1)}.b.c\n` })).toBe(
      'Bearer t.b.c',
    );
    expect(await bearer({ tokenCommand: ['x', 'y'] }, { runCommand: async (words) => `${words.join('.')}.c\n` })).toBe(
      'Bearer x.y.c',
    );
    const login = { issuer: 'https://i', clientId: 'c', scope: 'openid', token: 'id' } as const;
    expect(await bearer({ login }, { loginToken: async ({ clientId }) => new Secret(clientId) })).toBe('Bearer c');
  });

  it('is the token of the job on GitLab, and of the pod on Kubernetes', async () => {
    expect(await bearer({ gitlab: { variable: 'J' } }, { environment: { J: 'j.j.j' } })).toBe('Bearer j.j.j');
    expect(await bearer({ kubernetes: { path: '/p' } }, { readFile: async () => 'k.k.k' })).toBe('Bearer k.k.k');
  });

  it('is asked of GitHub for the audience', async () => {
    const { transport, requests } = fakeTransport(() => ({ body: '{"value":"g.h.i"}' }));
    const environment = {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/x?api-version=2',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job',
    };

    expect(await bearer({ github: { audience: 'https://c.example' } }, { environment, transport })).toBe(
      'Bearer g.h.i',
    );
    expect(requests[0]).toMatchObject({
      query: 'api-version=2&audience=https%3A%2F%2Fc.example',
      headers: { authorization: 'Bearer job' },
    });
  });

  it('is a signature by an access key that the server can verify', async () => {
    const environment = { S: 'the-secret', T: 'the-token' };
    const signed = await prove({ accessKey: { id: 'AKID', secret: 'env:S', token: 'env:T' } }, { environment });
    const proof = readSigv4(signed);

    expect(proof).toMatchObject({ accessKeyId: 'AKID', sessionToken: 'the-token' });
    expect(!('fault' in proof) && verifySigv4(signed, proof, new Secret('the-secret'))).toBe(true);
    expect(JSON.stringify(signed)).not.toContain('the-secret');
  });

  it.each([
    ['the variable is not set', { token: 'env:T' }, {}],
    ['the variable is empty', { token: 'env:T' }, { environment: { T: '' } }],
    ['the file cannot be read', { token: 'file:/t' }, {}],
    ['the file is empty', { token: 'file:/t' }, { readFile: async () => '\n' }],
    ['the token would break the header', { token: 'env:T' }, { environment: { T: 'a\r\nx-forwarded-for: b' } }],
    ['the job has no permission to ask GitHub', { github: { audience: 'c' } }, {}],
  ] satisfies [string, ProofSettings, Partial<ProveDeps>][])('is missing if %s', async (_, proof, deps) => {
    const error = await clientErrorOf(() => prove(proof, deps));

    expect(error).toMatchObject({ fault: 'usage', code: 'NoProof' });
  });

  it.each([
    [500, 'unavailable'],
    [403, 'refused'],
  ])('is not had if GitHub answers %i', async (status, fault) => {
    const { transport } = fakeTransport(() => ({ status, body: '{"value":"g.h.i"}' }));
    const environment = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://t.example/', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job' };

    expect(await clientErrorOf(() => prove({ github: { audience: 'c' } }, { environment, transport }))).toMatchObject({
      fault,
      code: 'GithubRefused',
    });
  });
});
