import { spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, jwtVerify } from 'jose';
import { openReply } from '../../lib/delivery/open.ts';
import { hmacHex, keyOf } from '../../lib/signers/digest.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { openCloud } from '../../test/support/fake-cloud.ts';
import { account, callerKey, newFolder, startAnother, startServer } from '../../test/support/server-process.ts';
import { rollOut, rotationSteps } from './rotations.ts';
import { openStandIn } from './stand-in.ts';
import { askAll, type Finding, names, onStage, pause, secondsUntil } from './trial.ts';

// The rows of the table of rotations in docs/deploy.md whose keys are not in the configuration alone: what is kept at a
// service, what a verifier, a receiver or a recipient has the other half of.

const awsKey = { AWS_ACCESS_KEY_ID: 'AKIDPROCESS', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' };
const tencentKey = { TENCENTCLOUD_SECRET_ID: 'AKIDPROCESS', TENCENTCLOUD_SECRET_KEY: 'secret' };

/** Every service that keeps secrets for us: they have the key of an account. */
const openSecrets = async () => {
  const key = { id: 'AKIDOLD', secret: 'the old secret' };
  const standIn = await openStandIn(({ headers, body }) => {
    const target = headers['x-amz-target'] ?? headers['x-tc-action'];
    const both = JSON.stringify(key);
    if (target === 'AmazonSSM.GetParameter') {
      return JSON.stringify({ Parameter: { Value: body.includes('/id') ? key.id : key.secret } });
    }
    if (target === 'secretsmanager.GetSecretValue') return JSON.stringify({ SecretString: both });
    return JSON.stringify({ Response: { SecretString: both, RequestId: 'r' } });
  });
  return { key, standIn };
};

/** The key of an account that is kept at AWS's and Tencent's services is replaced there while callers ask. */
export const remoteAccountKeys = async (): Promise<Finding> => {
  const { key, standIn } = await openSecrets();
  const kinds = {
    ssm: { id: 'ssm:/prod/id', secret: 'ssm:/prod/secret' },
    secretsmanager: { id: 'secretsmanager:prod#id', secret: 'secretsmanager:prod#secret' },
    'tencent-ssm': { id: 'tencent-ssm:prod#id', secret: 'tencent-ssm:prod#secret' },
  };
  const variables = {
    ...awsKey,
    ...tencentKey,
    AWS_ENDPOINT_URL_SSM: standIn.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: standIn.url,
    TENCENTCLOUD_SSM_ENDPOINT: standIn.url,
  };
  try {
    return await onStage(
      ({ url }) => ({
        accounts: Object.fromEntries(
          Object.entries(kinds).map(([kind, kept]) => [kind, { ...account(url), key: kept, requestsPerSecond: 2_000 }]),
        ),
        grants: Object.keys(kinds).map((kind) => ({
          name: kind,
          callers: ['ci'],
          account: kind,
          operations: ['AssumeRole'],
          roles: ['**'],
        })),
      }),
      async ({ server, cloud }) => {
        cloud.accepts = key.id;
        let isOver = false;
        const load = Promise.all(
          Object.keys(kinds).map(async (kind) => {
            let served = 0;
            let asked = 0;
            while (!isOver) {
              const { status } = await server.assume(`run-${asked++}`, { account: kind });
              if (status === 200) served++;
            }
            return { kind, served, asked };
          }),
        );
        await pause(1_000);
        Object.assign(key, { id: 'AKIDNEW', secret: 'the new secret' });
        cloud.accepts = key.id;
        await pause(2_000);
        isOver = true;
        const tallies = await load;
        return {
          promise: 'an account’s key rotates without a restart, wherever it is kept',
          fault: 'the key replaced in SSM, Secrets Manager and Tencent’s SSM under load, the old one disabled at once',
          kept: tallies.every(({ served, asked }) => served === asked),
          figures: tallies.map(({ kind, served, asked }) => `${kind}: ${served} of ${asked} served`).join('; '),
        };
      },
      variables,
    );
  } finally {
    await standIn.close();
  }
};

const newPem = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

const issuerUrl = 'https://id.example';
const audience = 'https://api.example';

/** Somebody who trusts the issuer, and fetches its keys when one is not known. */
const relyingParty = () => {
  let keys: JSONWebKeySet = { keys: [] };
  let fetches = 0;
  const isValid = (token: string): Promise<boolean> =>
    jwtVerify(token, createLocalJWKSet(keys), { issuer: issuerUrl, audience }).then(
      () => true,
      () => false,
    );
  return {
    fetches: () => fetches,
    accepts: async (token: string, fetchKeys: () => Promise<JSONWebKeySet>): Promise<boolean> => {
      if (keys.keys.length > 0 && (await isValid(token))) return true;
      fetches++;
      keys = await fetchKeys();
      return isValid(token);
    },
  };
};

/** The keys of our own issuer, while tokens are asked for and verified by the keys of another process. */
export const issuerKeys = (): Promise<Finding> => {
  const party = relyingParty();
  const signers = new Set<string>();
  const urls: string[] = [];
  return rollOut(
    () => ({
      accounts: {},
      grants: [
        {
          name: 'tokens',
          callers: ['ci'],
          account: 'issuer',
          operations: ['IssueToken'],
          token: { audiences: [audience] },
        },
      ],
    }),
    {
      promise: '`issuer.keys` rotate under load',
      fault: '[old], [old, new], [new, old], [new] on two processes; each token verified by the keys of the other one',
      steps: rotationSteps((keys) => ({ issuer: { url: issuerUrl, keys } })),
      ask: async (server) => {
        if (!urls.includes(server.url)) urls.push(server.url);
        const { host } = new URL(server.url);
        const form = new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          audience,
        }).toString();
        const { headers } = sign(
          {
            method: 'POST',
            scheme: 'http',
            host,
            path: '/token',
            query: '',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: form,
          },
          callerKey,
          { now: new Date(), region: 'local', service: 'credmint' },
        );
        const answer = await fetch(`${server.url}/token`, { method: 'POST', headers: { ...headers }, body: form });
        const { access_token: token } = (await answer.json()) as { readonly access_token?: string };
        if (token === undefined) return false;
        signers.add(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')).kid);
        return party.accepts(token, async () => {
          // Of the two that run, the other one's.
          for (const url of [...urls].reverse()) {
            if (url === server.url) continue;
            const found = await fetch(`${url}/.well-known/jwks.json`).catch(() => undefined);
            if (found?.ok) return (await found.json()) as JSONWebKeySet;
          }
          return (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
        });
      },
    },
    () => ({
      kept: signers.size === 2,
      figures: `signed by ${signers.size} keys, fetched ${party.fetches()} times`,
    }),
    { OLD: newPem(), NEW: newPem() },
  );
};

/** The secret of a webhook, which the receiver changes first. */
export const webhookSecret = async (): Promise<Finding> => {
  const secrets = { old: 'the old secret of the webhook', young: 'the new secret of the webhook' };
  let refused = 0;
  let accepted = 0;
  const receiver = await openStandIn(({ headers, body }) => {
    const [, time, proof] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers['credmint-signature'])) ?? [];
    if (proof === hmacHex(keyOf(secrets.young), `${time}.${body}`)) accepted++;
    else {
      refused++;
      return { status: 401, body: '' };
    }
    return '';
  });
  const folder = newFolder();
  writeFileSync(join(folder, 'hook'), secrets.old, { mode: 0o600 });
  const lease = { operation: 'AssumeRole', account: 'aws', role: 'arn:aws:iam::123456789012:role/demo' };
  const cloud = await openCloud();
  const server = await startServer(
    {
      accounts: { aws: { ...account(cloud.url), requestsPerSecond: 2_000 } },
      leases: { demo: { ...lease, deliver: [{ kind: 'webhook', url: `${receiver.url}/hook`, secret: 'file:hook' }] } },
      grants: ['ci', 'leases'].map((caller) => ({
        name: caller,
        callers: [caller],
        account: 'aws',
        operations: ['AssumeRole'],
        roles: ['**'],
      })),
    },
    { folder },
  );
  try {
    await secondsUntil(async () => refused > 0, 20);
    const refusedFirst = refused;
    writeFileSync(join(folder, 'hook'), secrets.young);
    server.child.kill('SIGHUP');
    await server.says('the configuration was read again');
    let asked = 0;
    let served = 0;
    const seconds = await secondsUntil(async () => {
      const tally = await askAll(server, names(`run-${asked}`, 5));
      asked += tally.asked;
      served += tally.served;
      return accepted > 0;
    }, 90);
    return {
      promise: 'a webhook’s secret rotates: what is refused in between is delivered by the next run',
      fault: 'the receiver has the new secret first; then the file of it is replaced, and SIGHUP',
      kept: refusedFirst > 0 && accepted === 1 && served === asked && cloud.calls.length === asked + 1,
      figures: `${refused} refused, then ${accepted} delivered after ${seconds.toFixed(0)} s, the same credentials; ${served} of ${asked} served meanwhile`,
    };
  } finally {
    await server.close();
    await cloud.close();
    await receiver.close();
  }
};

const instance = fileURLToPath(new URL('./event-instance.ts', import.meta.url));

/** An instance of the function `mintOnEvent`, which answers one event after the other. */
const openInstance = (folder: string, variables: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [instance], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    handle: async (event: object): Promise<boolean> => {
      child.stdin.write(`${JSON.stringify(event)}\n`);
      const { value } = await lines.next();
      return value === 'done';
    },
    close: async (): Promise<void> => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

/** A recipient publishes a new key: instances that began before still encrypt to the old one. */
export const recipientKey = async (): Promise<Finding> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-recipient-'));
  const cloud = await openCloud();
  const queue = await openStandIn(({ body }) => {
    const { MessageBody } = JSON.parse(body) as { readonly MessageBody: string };
    const digest = createHash('md5').update(MessageBody).digest('hex');
    return JSON.stringify({ MessageId: 'm', MD5OfMessageBody: digest });
  });
  const privates = new Map<string, JWK>();
  const publish = async (kid: string): Promise<void> => {
    const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
    privates.set(kid, await exportJWK(pair.privateKey));
    writeFileSync(join(folder, 'etl.jwk.json'), JSON.stringify({ ...(await exportJWK(pair.publicKey)), kid }));
  };
  const source = 'arn:aws:sqs:eu-central-1:123456789012:requests';
  const config = {
    accounts: { aws: account(cloud.url) },
    callers: { etl: {} },
    grants: [{ name: 'etl', callers: ['etl'], account: 'aws', operations: ['AssumeRole'], roles: ['**'] }],
    audit: { sink: { kind: 'file', path: 'audit-%p.jsonl' } },
    events: {
      sources: { [source]: 'etl' },
      recipients: {
        etl: {
          jwk: 'file:etl.jwk.json',
          callers: ['etl'],
          reply: { kind: 'sqs', queue: `${queue.url}/123456789012/replies`, region: 'eu-central-1' },
        },
      },
    },
  };
  writeFileSync(join(folder, 'credmint.config.json'), JSON.stringify(config));
  const variables = { ...awsKey, ACCOUNT: 'the-secret-of-the-account' };
  const ask = (name: string) => ({
    Records: [
      {
        messageId: name,
        receiptHandle: 'r',
        attributes: { ApproximateReceiveCount: '1' },
        messageAttributes: {},
        eventSource: 'aws:sqs',
        eventSourceARN: source,
        awsRegion: 'eu-central-1',
        body: JSON.stringify({
          specversion: '1.0',
          id: name,
          source: '/etl',
          type: 'credmint.mint.requested',
          data: {
            operation: 'AssumeRole',
            account: 'aws',
            roleArn: 'arn:aws:iam::123456789012:role/demo',
            roleSessionName: name,
            recipient: 'etl',
          },
        }),
      },
    ],
  });
  const instances = [];
  try {
    await publish('old');
    const before = openInstance(folder, variables);
    instances.push(before);
    let answered = 0;
    for (const name of names('before', 5)) if (await before.handle(ask(name))) answered++;
    await publish('young');
    const after = openInstance(folder, variables);
    instances.push(after);
    for (const name of names('between', 10)) {
      if (await (answered % 2 === 0 ? before : after).handle(ask(name))) answered++;
    }
    const opened = new Map<string, number>();
    for (const { body } of queue.taken) {
      const reply = JSON.parse(JSON.parse(body).MessageBody);
      for (const [kid, key] of privates) {
        const isOpened = await openReply(reply, key).then(
          () => true,
          () => false,
        );
        if (isOpened) opened.set(kid, (opened.get(kid) ?? 0) + 1);
      }
    }
    const [old = 0, young = 0] = [opened.get('old'), opened.get('young')];
    return {
      promise: 'a recipient’s key rotates: every reply opens with one of the two',
      fault: 'the recipient publishes a new `jwk`; instances from before and after it answer in turn',
      kept: answered === 15 && old + young === 15 && young > 0,
      figures: `${answered} of 15 answered; ${old} open with the old key, ${young} with the new one`,
    };
  } finally {
    await Promise.all(instances.map((one) => one.close()));
    await queue.close();
    await cloud.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** KMS changes what is behind its key by itself; what it encrypted before opens all the same. */
export const kmsKey = async (): Promise<Finding> => {
  const dataKey = randomBytes(32).toString('base64');
  const kms = await openStandIn(() => JSON.stringify({ Plaintext: dataKey }));
  const cloud = await openCloud();
  const variables = { ...awsKey, AWS_ENDPOINT_URL_KMS: kms.url };
  const sealingKeys = [`kms:${Buffer.from('the data key as KMS encrypted it before').toString('base64')}`];
  const first = await startServer(
    {
      accounts: { aws: { ...account(cloud.url), requestsPerSecond: 2_000 } },
      store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys },
      audit: { sink: { kind: 'file', path: 'audit-%p.jsonl' }, key: 'file:audit.pem' },
    },
    { variables },
  );
  try {
    const asked = names('kept', 10);
    await askAll(first, asked);
    kms.fault = 'refuses';
    const whileDown = await askAll(first, [...asked, ...names('new', 10)]);
    const refusal = await startAnother(first.folder, variables).then(
      async (other) => {
        other.child.kill('SIGKILL');
        return 'it started';
      },
      (thrown: Error) => thrown.message.split('\n').at(-1) ?? '',
    );
    kms.fault = undefined;
    const minted = cloud.calls.length;
    const next = await startAnother(first.folder, variables);
    const shared = await askAll(next, asked);
    next.child.kill('SIGKILL');
    await next.ended;
    const again = cloud.calls.length - minted;
    return {
      promise: 'a key of KMS rotates by itself, and KMS is needed at the start alone',
      fault: 'KMS down while a process serves and another starts; then well, and a third opens what the first sealed',
      kept: whileDown.served === 20 && /KMS/.test(refusal) && shared.served === 10 && again === 0,
      figures: `${whileDown.served} of 20 served; the second: ${refusal}; the third: ${shared.served} of 10 served, ${again} minted again`,
    };
  } finally {
    await first.close();
    await cloud.close();
    await kms.close();
  }
};
