import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Cloud } from '../core/cloud.ts';
import { keptText, privateFolder, writePrivate } from './files.ts';
import { localConfig } from './local-config.ts';

/** The contents of `local.json`: all that a caller on this laptop needs. */
export interface LocalAccess {
  readonly url: string;
  readonly accessKey: { readonly id: string; readonly secret: string };
  readonly token: string;
  readonly accounts: readonly string[];
  readonly roles: Readonly<Record<string, string>>;
}

/** Where a laptop's files are, and what is in them. */
export interface LocalState {
  readonly configPath: string;
  readonly envPath: string;
  readonly access: LocalAccess;
}

const tokenDays = 7;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const letters = (count: number): string =>
  Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('');

const newKey = (): string =>
  JSON.stringify({ id: `AKID${letters(28)}`, secret: randomBytes(30).toString('base64url') });

const newIssuer = (): string => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomBytes(8).toString('hex');
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' });
};

const newAuditKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const publicPem = (privatePem: string): string =>
  createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString();

const newRecipient = (): string =>
  JSON.stringify({
    ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    kid: 'me',
  });

const publicHalf = ({ d: _, ...rest }: JWK): JWK => rest;

/**
 * Sets credmint up in a folder. Random keys are generated at the first start and kept; what follows from them and from
 * the address is written at each start.
 */
export const initialize = async (folder: string, url: string, clouds: readonly Cloud[]): Promise<LocalState> => {
  privateFolder(folder);
  const kept = (name: string, make: () => string): string => keptText(join(folder, 'keys', name), make);
  for (const name of ['authority', 'store', 'webhook']) kept(name, () => randomBytes(32).toString('base64url'));
  const accessKey = JSON.parse(kept('local.json', newKey)) as LocalAccess['accessKey'];
  writePrivate(join(folder, 'keys', 'local.secret'), accessKey.secret);
  const issuer = JSON.parse(kept('issuer.json', newIssuer)) as JWK;
  const issuerKey = createPrivateKey({ key: { ...issuer }, format: 'jwk' });
  writePrivate(join(folder, 'keys', 'issuer.pem'), issuerKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  writePrivate(join(folder, 'keys', 'issuer.jwks.json'), JSON.stringify({ keys: [publicHalf(issuer)] }));

  const auditKey = kept('audit.pem', newAuditKey);
  writePrivate(join(folder, 'keys', 'audit.pub.pem'), publicPem(auditKey));

  const recipient = JSON.parse(kept('recipient.json', newRecipient)) as JWK;
  writePrivate(join(folder, 'keys', 'recipient.public.json'), JSON.stringify(publicHalf(recipient)));

  const accounts = clouds.map((cloud) => {
    const key = JSON.parse(kept(`account-${cloud.id}.json`, newKey)) as LocalAccess['accessKey'];
    writePrivate(join(folder, 'keys', `account-${cloud.id}.secret`), key.secret);
    const accountId = cloud.naming.identifier('account', `${accessKey.id} ${cloud.id}`);
    const roleId = cloud.naming.identifier('role', `${accountId} demo`);
    return { cloud, keyId: key.id, accountId, role: cloud.naming.roles(accountId, 'demo', roleId)[0] ?? 'demo' };
  });

  const configPath = join(folder, 'credmint.config.json');
  writePrivate(configPath, `${JSON.stringify(localConfig(url, accessKey.id, accounts), null, 2)}\n`);

  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: issuer.kid ?? '' })
    .setIssuer(url)
    .setAudience('credmint')
    .setSubject('local')
    .setIssuedAt()
    .setExpirationTime(`${tokenDays}d`)
    .sign(await importJWK(issuer, 'ES256'));

  const access: LocalAccess = {
    url,
    accessKey,
    token,
    accounts: accounts.map(({ cloud }) => cloud.id),
    roles: Object.fromEntries(accounts.map(({ cloud, role }) => [cloud.id, role])),
  };
  writePrivate(join(folder, 'local.json'), `${JSON.stringify(access, null, 2)}\n`);
  const envPath = join(folder, 'env');
  writePrivate(envPath, shellVariables(access));
  return { configPath, envPath, access };
};

/** The same for a shell. All values are ours, and none contains a quote. */
const shellVariables = ({ url, accessKey, token }: LocalAccess): string =>
  `CREDMINT_URL='${url}'\nCREDMINT_KEY='${accessKey.id}'\nCREDMINT_SECRET='${accessKey.secret}'\nCREDMINT_TOKEN='${token}'\n`;
