import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importPKCS8, SignJWT } from 'jose';
import { answers, freePorts, run, startDaemon } from './process.ts';
import { roleArn, type Triad } from './store.ts';

/** The audience of the issuer's tokens that RGW takes. */
export const storeAudience = 'rgw';
const callerAudience = 'credmint';
const callerIssuer = 'https://ci.example.com';

/** credmint before a store, as `npm start` runs it. */
export interface Server {
  readonly url: string;
  /** The key of the caller. */
  readonly key: Triad;
  /** A token of the caller, by an issuer of its own. */
  readonly token: string;
  /** What `credmint doctor` says of an account. */
  doctor(account: string, role: string): Promise<string>;
  stop(): Promise<void>;
}

interface ServerDeps {
  readonly folder: string;
  /** Where the store is, and the key that asks it. */
  readonly store: string;
  readonly broker: Triad;
}

/** Writes a configuration and its secrets into a folder, and starts the server. */
export const startCredmint = async ({ folder, store, broker }: ServerDeps): Promise<Server> => {
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const key = { accessKeyId: 'AKIDREHEARSAL', secretAccessKey: randomBytes(24).toString('base64url') };
  const issuer = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ci = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = ci.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const audit = generateKeyPairSync('ed25519').privateKey;
  const jwks = { keys: [{ ...ci.publicKey.export({ format: 'jwk' }), kid: 'ci', alg: 'ES256', use: 'sig' }] };

  mkdirSync(folder, { mode: 0o700 });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write('broker.secret', broker.secretAccessKey);
  write('caller.secret', key.secretAccessKey);
  write('issuer.pem', issuer.export({ type: 'pkcs8', format: 'pem' }).toString());
  write('audit.pem', audit.export({ type: 'pkcs8', format: 'pem' }).toString());
  write('jwks.json', JSON.stringify(jwks));
  write('credmint.config.json', JSON.stringify(configurationOf(url, store, broker, key), null, 2));

  const program = fileURLToPath(new URL('../../bin/start.ts', import.meta.url));
  const environment = { PORT: String(port), HOST: '127.0.0.1', CREDMINT_CONFIG: join(folder, 'credmint.config.json') };
  const daemon = startDaemon(process.execPath, [program], { log: join(folder, 'credmint.out'), environment });
  await answers(`${url}/.well-known/jwks.json`, daemon);
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: 'ci' })
    .setIssuer(callerIssuer)
    .setSubject('job')
    .setAudience(callerAudience)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(await importPKCS8(pem, 'ES256'));
  const commandLine = fileURLToPath(new URL('../../bin/credmint.ts', import.meta.url));
  const doctor = (account: string, role: string) =>
    run(process.execPath, [
      commandLine,
      'doctor',
      '--account',
      account,
      '--role',
      role,
      '--config',
      environment.CREDMINT_CONFIG,
    ]);
  return { url, key, token, doctor, stop: () => daemon.stop() };
};

const configurationOf = (url: string, store: string, broker: Triad, key: Triad) => {
  const ceph = { cloud: 'aws', profile: 'ceph', endpoint: `${store}/` };
  return {
    issuer: { url, keys: ['file:issuer.pem'] },
    accounts: {
      ceph: {
        ...ceph,
        key: { id: broker.accessKeyId, secret: 'file:broker.secret' },
        federationRole: roleArn('demo'),
      },
      keyless: { ...ceph, webIdentity: { token: 'issuer', audience: storeAudience } },
    },
    callers: {
      ci: {
        accessKey: { id: key.accessKeyId, secret: 'file:caller.secret' },
        jwt: { issuer: callerIssuer, audience: callerAudience, jwks: 'file:jwks.json', algorithms: ['ES256'] },
      },
    },
    grants: [
      {
        name: 'ceph',
        callers: ['ci'],
        account: 'ceph',
        operations: ['AssumeRole', 'AssumeRoleWithWebIdentity', 'GetFederationToken', 'GetSessionToken'],
        roles: [roleArn('*')],
        accepts: ['policy', 'tags'],
      },
      {
        name: 'keyless',
        callers: ['ci'],
        dialects: ['json'],
        account: 'keyless',
        operations: ['AssumeRole'],
        roles: [roleArn('web')],
      },
    ],
    audit: { sink: { kind: 'file', path: 'audit.jsonl' }, key: 'file:audit.pem' },
  };
};
