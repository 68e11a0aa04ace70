import { Agent, request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoRequestBody, type ServedApp, serveApp } from '../../support/app.ts';
import { certify } from '../../support/certificates.ts';

const authority = certify({ subject: 'O=Acme, CN=CA', ca: true });
const server = certify({ subject: 'CN=credmint', by: authority, ips: ['127.0.0.1'] });
const job = certify({ subject: 'O=Acme, CN=job', by: authority, uris: ['spiffe://acme.example/ns/ci/sa/job'] });
const stranger = certify({
  subject: 'CN=x',
  by: certify({ subject: 'O=Acme, CN=CA', ca: true }),
  uris: ['spiffe://acme.example/ns/ci/sa/job'],
});
const other = certify({ subject: 'CN=y', by: authority, uris: ['spiffe://acme.example/ns/web/sa/job'] });

let app: ServedApp;

beforeAll(async () => {
  app = await serveApp({
    config: {
      callers: {
        job: { certificate: { from: 'tls', spiffe: 'spiffe://acme.example/ns/ci/**' } },
        key: { accessKey: { id: 'AKIDKEY', secret: 'env:SECRET' } },
      },
      tls: { cert: 'env:CERT', key: 'env:KEY', clientCa: 'env:CA' },
    },
    environment: { CERT: server.pem, KEY: server.keyPem, CA: authority.pem, SECRET: 'secret' },
  });
});
afterAll(() => app.close());

interface Shown {
  readonly cert?: string;
  readonly key?: string;
}

const ask = (
  agent: Agent,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; reused: boolean }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      `${app.url}/assumeRole`,
      { agent, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, reused: sent.reusedSocket }));
      },
    );
    sent.on('error', reject);
    sent.end(demoRequestBody);
  });

const agentOf = (shown: Shown = {}, keepAlive = false): Agent => new Agent({ ca: authority.pem, keepAlive, ...shown });
const shows = ({ pem, keyPem }: { readonly pem: string; readonly keyPem: string }): Shown => ({
  cert: pem,
  key: keyPem,
});
const last = () => app.records.at(-1);

describe('a server that shakes hands', () => {
  it('proves who showed a certificate, and whose chain is known', async () => {
    expect(await ask(agentOf(shows(job)))).toMatchObject({ status: 200 });
    expect(last()).toMatchObject({ caller: 'job', proof: 'certificate', outcome: 'Done' });
  });

  it('answers who showed none as nobody', async () => {
    expect(await ask(agentOf())).toMatchObject({ status: 401 });
    expect(last()).toMatchObject({ outcome: 'Unauthenticated' });
    expect(last()).not.toHaveProperty('proofFault');
  });

  it('refuses a certificate of another authority of the same name', async () => {
    expect(await ask(agentOf(shows(stranger)))).toMatchObject({ status: 401 });
    expect(last()).toMatchObject({ outcome: 'Unauthenticated', proofFault: 'CertificateUntrusted' });
  });

  it("refuses a certificate that is nobody's here", async () => {
    expect(await ask(agentOf(shows(other)))).toMatchObject({ status: 401 });
    expect(last()).toMatchObject({ proofFault: 'CertificateUnknown' });
  });

  it('never takes a false bearer for the certificate beside it', async () => {
    expect(await ask(agentOf(shows(job)), { authorization: 'Bearer e30.e30.e30' })).toMatchObject({ status: 401 });
    expect(last()).toMatchObject({ outcome: 'InvalidIdentityToken' });
  });

  it('believes no header about certificates', async () => {
    const headers = { 'x-forwarded-client-cert': `Cert="${encodeURIComponent(job.pem)}"` };
    expect(await ask(agentOf(), headers)).toMatchObject({ status: 401 });
  });

  it('proves every request of one connection, and of a session that is taken up again', async () => {
    const agent = agentOf(shows(job), true);
    expect(await ask(agent)).toEqual({ status: 200, reused: false });
    expect(await ask(agent)).toEqual({ status: 200, reused: true });
    // The sockets go; the session that the agent keeps does not.
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    expect(await ask(agent)).toEqual({ status: 200, reused: false });
    agent.destroy();
  });
});
