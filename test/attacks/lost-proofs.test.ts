import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import { compose } from '../../lib/app/compose.ts';
import { inEventTrace } from '../../lib/app/event-trace.ts';
import { bySignature } from '../../lib/auth/keys/by-signature.ts';
import { keysById } from '../../lib/auth/keys/caller-keys.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import { readConfig } from '../../lib/config/load.ts';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { SignatureProof } from '../../lib/core/caller.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { HttpHeaders, HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { once } from '../../lib/events/once.ts';
import { eventProcessor } from '../../lib/events/process.ts';
import type { ReplyEvent } from '../../lib/events/reply-event.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { refusalCodeAsync } from '../support/expect-refusal.ts';
import { ecPem } from '../support/keyless-pair.ts';
import { forever } from '../support/requests.ts';
import { issuer, newKey, now, proving, ruleOf, tokenOf } from '../support/token-issuer.ts';

const key = newKey('ES256');
const recipient = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const reply = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

/** The service with one cloud that can be down, an audit trail and a store of answers that can fail. */
const open = () => {
  const state = { down: true, unrecorded: false, forgetful: false };
  const store = memoryStore(() => now);
  const replies: ReplyEvent[] = [];
  const config = readConfig(
    {
      accounts: {
        prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'AKID', secret: 'env:SECRET' } },
      },
      issuer: { url: 'https://credmint.example.test', keys: ['env:EC'] },
      callers: {
        ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS', jti: 'once' } },
        agent: { jwt: { issuer, audience: 'agents', jwks: 'env:JWKS', jti: 'once' } },
      },
      grants: [
        { name: 'all', callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: ['**/demo'] },
        {
          name: 'tokens',
          callers: ['ci'],
          account: 'issuer',
          operations: ['IssueToken'],
          token: { audiences: ['https://a.example'], actors: ['agent'] },
        },
      ],
      events: {
        sources: {},
        recipients: {
          me: {
            jwk: 'env:RECIPIENT',
            callers: ['ci'],
            reply: { kind: 'webhook', url: 'https://me.example.test/', secret: 'env:SECRET' },
          },
        },
      },
    },
    {
      folder: '/nowhere',
      environment: {
        SECRET: 'a secret of the test, of 32 characters',
        EC: ecPem('P-256'),
        JWKS: JSON.stringify({ keys: [key.jwk] }),
        RECIPIENT: JSON.stringify(recipient),
      },
    },
  );
  if (config.events === undefined) throw new Error('No events.');
  const deps = compose(spec, config, {
    store,
    transport: async () => {
      if (state.down) throw new StsError('CloudUnavailable');
      return { status: 200, headers: {}, body: reply };
    },
    audit: unlimitedAuditLog(async () => {
      if (state.unrecorded) throw new Error('The disk is full.');
    }),
    now: () => now,
    nonce: () => 1,
    sleep: async () => undefined,
    chance: () => 0,
  });
  const broker = createBroker(deps);
  const remembered = once({ ...store, put: async (...all) => !state.forgetful && store.put(...all) }, () => now);
  const process = eventProcessor({
    ...deps,
    settings: config.events,
    once: remembered,
    inTrace: inEventTrace,
    send: async (_target, event) => {
      replies.push(event);
    },
  });
  const post = async (path: string, headers: HttpHeaders, body: string): Promise<number> => {
    const request: HttpRequest = {
      method: 'POST',
      scheme: 'https',
      host: 'credmint.example.test',
      path,
      query: '',
      headers,
      body,
    };
    return (await broker({ request, requestId: 'request-1', ...forever })).status;
  };
  const ask = (token: string, role = 'demo'): Promise<number> =>
    post(
      '/assumeRole',
      { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      JSON.stringify({ roleArn: `arn:aws:iam::123456789012:role/${role}`, roleSessionName: 'me' }),
    );
  const exchange = (token: string, actorToken: string): Promise<number> =>
    post(
      '/token',
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        actor_token: actorToken,
        actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        audience: 'https://a.example',
      }).toString(),
    );
  const deliver = async (token: string) =>
    process(
      {
        origin: 'queue',
        content: {
          specversion: '1.0',
          id: 'event-1',
          source: '/test',
          type: 'credmint.mint.requested',
          data: {
            operation: 'AssumeRole',
            roleArn: 'arn:aws:iam::123456789012:role/demo',
            roleSessionName: 'me',
            recipient: 'me',
            token,
          },
        },
      },
      forever.signal,
    );
  return { state, ask, exchange, deliver, replies };
};

describe('a token that may be used once', () => {
  it.each(['down', 'unrecorded'] as const)(
    'is not used up by a request that failed for a while: %s',
    async (trouble) => {
      const { state, ask } = open();
      Object.assign(state, { down: false, [trouble]: true });
      const token = tokenOf(key);
      expect(await ask(token)).toBeGreaterThanOrEqual(500);
      state[trouble] = false;
      expect(await ask(token)).toBe(200);
      expect(await ask(token)).toBe(401);
    },
  );

  it('is not used up by an exchange that failed for a while, neither the subject’s nor the actor’s', async () => {
    const { state, exchange } = open();
    state.unrecorded = true;
    const tokens = [tokenOf(key), tokenOf(key, { aud: 'agents' })] as const;
    expect(await exchange(...tokens)).toBeGreaterThanOrEqual(500);
    state.unrecorded = false;
    expect(await exchange(...tokens)).toBe(200);
    // Both are used up now.
    expect(await exchange(tokenOf(key), tokens[1])).toBe(400);
    expect(await exchange(tokens[0], tokenOf(key, { aud: 'agents' }))).toBe(400);
  });

  it('is used up by a request that is refused', async () => {
    const { state, ask } = open();
    state.down = false;
    const token = tokenOf(key);
    expect(await ask(token, 'admin')).toBe(403);
    expect(await ask(token)).toBe(401);
  });

  it.each(['down', 'unrecorded', 'forgetful'] as const)(
    'does not lose its event to a failure that passes: %s',
    async (trouble) => {
      const { state, ask, deliver, replies } = open();
      Object.assign(state, { down: false, [trouble]: true });
      const token = tokenOf(key);
      expect(await deliver(token)).toEqual({ kind: 'retry' });
      state[trouble] = false;
      expect(await deliver(token)).toEqual({ kind: 'done' });
      expect(replies.map(({ type }) => type)).toEqual(['credmint.mint.completed']);
      expect(await ask(token)).toBe(401);
    },
  );
});

describe('while the store cannot be reached', () => {
  const unreachable: Store = { ...memoryStore(() => now), acquire: async () => undefined };

  it('a token that may be used once is refused as what may pass, not as used', async () => {
    const rule = ruleOf([key], { once: true });
    expect(await proving([rule], { store: unreachable })(tokenOf(key))).toMatchObject({ refused: 'Unavailable' });
  });

  it('a signature that may be used once is, too', async () => {
    const keys = keysById([{ id: 'AKID1', secret: new Secret('secret'), caller: 'ci' }]);
    const openSession = () => {
      throw new StsError('InvalidToken');
    };
    const proof: SignatureProof = {
      kind: 'signature',
      scheme: 'a-scheme',
      accessKeyId: 'AKID1',
      uniqueSignature: 'one',
      verify: () => true,
    };
    expect(await refusalCodeAsync(() => bySignature(keys, openSession, unreachable)(proof, now))).toBe('Unavailable');
  });
});
