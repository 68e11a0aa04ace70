import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { deliverer, deliveryId, targetOf } from '../../lib/delivery/deliveries.ts';
import type { DeliveryDeps } from '../../lib/delivery/delivery.ts';
import type { DeliverySettings } from '../../lib/delivery/settings.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { certify } from '../support/certificates.ts';
import { hookSecret, now, parcelOf, places } from '../support/delivery-targets.ts';
import { type Answer, record } from '../support/store-recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-deliveries-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const waits: number[] = [];
const deliver = deliverer({
  transport: nodeTransport(),
  trusting: (ca) => nodeTransport({ ca }),
  clock: {
    now: () => now,
    monotonicMs: () => 0,
    chance: () => 0.5,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
  },
  aws: undefined as unknown as DeliveryDeps['aws'],
});
const signal = () => AbortSignal.timeout(60_000);

describe('secretsmanager', () => {
  it('sends a token that is the same for the same credentials, so that there is one version of them', async () => {
    const place = await places.secretsmanager('default');
    await place.deliver(parcelOf(1));
    await place.deliver(parcelOf(1));
    await place.deliver(parcelOf(2));
    const tokens = place.requests.map(({ body }) => JSON.parse(body).ClientRequestToken);
    await place.close();
    expect(tokens[0]).toBe(tokens[1]);
    expect(tokens[0]).not.toBe(tokens[2]);
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
    expect(tokens[0].length).toBeGreaterThanOrEqual(32);
    expect(tokens[0].length).toBeLessThanOrEqual(64);
  });
});

describe('secretsmanager, with another format', () => {
  it('sends another token, since other content under the same token is refused for ever', async () => {
    const tokens: string[] = [];
    for (const format of ['default', 'dotenv'] as const) {
      const place = await places.secretsmanager(format);
      await place.deliver(parcelOf(1));
      tokens.push(...place.requests.map(({ body }) => JSON.parse(body).ClientRequestToken));
      await place.close();
    }
    expect(tokens[0]).not.toBe(tokens[1]);
  });
});

describe('ssm', () => {
  it('is a SecureString that may be longer than a standard one, and may be there already', async () => {
    const place = await places.ssm('default');
    await place.deliver(parcelOf());
    const [request] = place.requests;
    await place.close();
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      Name: '/demo/credentials',
      Type: 'SecureString',
      Tier: 'Intelligent-Tiering',
      Overwrite: true,
    });
  });
});

describe('tencent-ssm', () => {
  it('makes the version where it is not there, and replaces it from then on', async () => {
    const place = await places['tencent-ssm']('default');
    await place.deliver(parcelOf(1));
    await place.deliver(parcelOf(2));
    const actions = place.requests.map(({ headers }) => headers['x-tc-action']);
    await place.close();
    expect(actions).toEqual(['UpdateSecret', 'PutSecretValue', 'UpdateSecret']);
  });
});

describe('kubernetes', () => {
  const authority = certify({ subject: 'O=Cluster, CN=CA', ca: true });
  const certificate = certify({ subject: 'CN=apiserver', by: authority, ips: ['127.0.0.1'] });
  const stranger = certify({ subject: 'O=Cluster, CN=CA', ca: true });

  const inCluster = async (ca: string, use: (settings: DeliverySettings, bodies: string[]) => Promise<void>) => {
    const bodies: string[] = [];
    const server = createServer({ cert: certificate.pem, key: certificate.keyPem }, async (request, response) => {
      let body = '';
      for await (const piece of request.setEncoding('utf8')) body += piece;
      bodies.push(body);
      response.writeHead(200).end('{"kind":"Secret"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    writeFileSync(join(folder, 'token'), 'token');
    writeFileSync(join(folder, 'ca.crt'), ca);
    const endpoint = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [tokenFile, caFile] = [join(folder, 'token'), join(folder, 'ca.crt')];
    const names = { namespace: 'apps', secretName: 'demo' };
    try {
      await use({ kind: 'kubernetes', ...names, endpoint, tokenFile, caFile, format: 'default' }, bodies);
    } finally {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  };

  it('trusts the certificates of the cluster, and has an entry for each variable where none is named', () =>
    inCluster(authority.pem, async (settings, bodies) => {
      await deliver(settings, parcelOf(), signal());
      expect(JSON.parse(bodies[0] ?? '').data).toEqual({
        AWS_ACCESS_KEY_ID: btoa('ASIA1'),
        AWS_SECRET_ACCESS_KEY: btoa('secret 1'),
      });
    }));

  it('sends nothing to a server that they do not prove', () =>
    inCluster(stranger.pem, async (settings, bodies) => {
      await expect(deliver(settings, parcelOf(), signal())).rejects.toMatchObject({ code: 'CloudUnavailable' });
      expect(bodies).toEqual([]);
    }));

  it('says that its token is not there', async () => {
    const settings = {
      kind: 'kubernetes',
      namespace: 'apps',
      secretName: 'demo',
      endpoint: new URL('https://127.0.0.1:1'),
      tokenFile: join(folder, 'no-token'),
      format: 'default',
    } as const;
    await expect(deliver(settings, parcelOf(), signal())).rejects.toMatchObject({ code: 'Misconfigured' });
  });
});

describe('file', () => {
  it('is readable for its owner alone, and leaves nothing beside it, whatever comes of it', async () => {
    const place = join(folder, 'run');
    mkdirSync(place);
    const path = join(place, 'credentials.env');
    await deliver({ kind: 'file', path, format: 'dotenv' }, parcelOf(), signal());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(place)).toEqual(['credentials.env']);

    mkdirSync(join(place, 'taken'));
    const taken = { kind: 'file', path: join(place, 'taken'), format: 'dotenv' } as const;
    await expect(deliver(taken, parcelOf(), signal())).rejects.toMatchObject({
      code: 'Misconfigured',
      detail: { upstream: { code: expect.stringMatching(/^E/) } },
    });
    expect(readdirSync(place).sort()).toEqual(['credentials.env', 'taken']);
  });

  it('is never there in part, though it is replaced while it is read', async () => {
    const path = join(folder, 'watched');
    const settings = { kind: 'file', path, format: 'default' } as const;
    await deliver(settings, parcelOf(0), signal());
    const writes = Promise.all(Array.from({ length: 20 }, (_, index) => deliver(settings, parcelOf(index), signal())));
    for (let index = 0; index < 200; index++) {
      expect(JSON.parse(readFileSync(path, 'utf8')).credentials.accessKeyId).toMatch(/^ASIA\d+$/);
      await new Promise((turn) => setImmediate(turn));
    }
    await writes;
    expect(existsSync(path)).toBe(true);
  });
});

describe('webhook', () => {
  const hook = async (answers: (Answer | undefined)[]) => {
    const recorder = await record(() => answers.shift());
    const settings = { kind: 'webhook', url: recorder.url, secret: hookSecret, format: 'default' } as const;
    const outcome = await deliver(settings, parcelOf(), signal()).then(
      () => 'arrived',
      (thrown: { code: string }) => thrown.code,
    );
    await recorder.close();
    return { outcome, requests: recorder.requests };
  };

  it('is tried again where nobody answered or had time, signed and told apart in the same way', async () => {
    const { outcome, requests } = await hook([undefined, { status: 503 }, { status: 204, body: '' }]);
    expect(outcome).toBe('arrived');
    expect(requests.map(({ headers }) => headers['credmint-delivery'])).toEqual(Array(3).fill(parcelOf().version));
    expect(requests.map(({ headers }) => headers['credmint-lease'])).toEqual(Array(3).fill('demo'));
    expect(waits.slice(-2)).toEqual([187.5, 750]);
  });

  it('is tried three times and no more, and once where the answer is no', async () => {
    expect(await hook([{ status: 503 }, { status: 429 }, { status: 500 }, { status: 204 }])).toMatchObject({
      outcome: 'CloudUnavailable',
      requests: { length: 3 },
    });
    expect(await hook([{ status: 404 }, { status: 204 }])).toMatchObject({
      outcome: 'CloudRefused',
      requests: { length: 1 },
    });
    // Followed nowhere: the credentials would go where the operator did not send them.
    expect(await hook([{ status: 302, headers: { location: 'https://elsewhere.example/' } }])).toMatchObject({
      outcome: 'CloudRefused',
      requests: { length: 1 },
    });
  });
});

describe('a place', () => {
  const settings = {
    kind: 'webhook',
    url: new URL('https://hook.example/a/private/path?token=1'),
    format: 'cos',
  } as const;

  it('is known by an id that changes with what it is told, and holds no secret', () => {
    const one = deliveryId({ ...settings, secret: new Secret('one') });
    expect(deliveryId({ ...settings, secret: new Secret('other') })).toBe(one);
    expect(deliveryId({ ...settings, format: 'default', secret: new Secret('one') })).not.toBe(one);
  });

  it('is called by a name that says no more than the audit trail may hold', () => {
    expect(targetOf({ ...settings, secret: new Secret('one') })).toBe('webhook hook.example');
  });
});
