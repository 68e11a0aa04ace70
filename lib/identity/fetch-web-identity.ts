import { readFile } from 'node:fs/promises';
import { catalog } from '../clouds/catalog.ts';
import { carried } from '../core/carried.ts';
import type { Account } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import type { RenewableKey } from './renewed.ts';
import type { FileIdentity } from './runtime-identity.ts';

const cloudIds = { aws: 'aws', tencent: 'tencent-v3' } as const;

/** In seconds; every role of either cloud gives it. */
const durationSeconds = 3600;

/** Exchanges the token of a file for credentials of the role, at the cloud's STS. */
export const fetchByWebIdentity = async (
  identity: FileIdentity,
  { transport, now }: { readonly transport: Transport; readonly now: () => Date },
  signal: AbortSignal,
): Promise<RenewableKey> => {
  const { cloud, tokenFile, role, sessionName, providerId, region, endpoint } = identity;
  const { id, provider } = carried(catalog[cloudIds[cloud]], `the cloud ${cloud}`);
  const operation = 'AssumeRoleWithWebIdentity';
  const exchange = provider.operations[operation];
  if (exchange === undefined) throw new StsError('UnsupportedOperation');
  const token = new Secret((await readFile(tokenFile, 'utf8')).trim());
  const account: Account = omitUndefined({ name: 'this process', cloud: id, endpoint, region });
  const request = omitUndefined({ operation, role, sessionName, webIdentityToken: token, providerId, durationSeconds });
  const sent = exchange.encode(request as Parameters<typeof exchange.encode>[0], account, { now: now(), nonce: 1 });
  const minted = provider.normalize(await transport(sent, signal), operation);
  const key = { id: minted.accessKeyId, secret: minted.secretAccessKey, token: minted.sessionToken };
  return { key, expiration: minted.expiration };
};
