import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { LocalAccess } from '../../lib/laptop/local-state.ts';
import { bundle } from '../../scripts/bundle.ts';
import { builtFor } from '../../scripts/package/built-for.ts';
import { readConfiguration } from '../../scripts/package/configuration.ts';

/** A function of the peer, as it is deployed. */
export const bundlePeer = async (outfile: string): Promise<string> => {
  await build({
    entryPoints: [new URL('./peer-function.ts', import.meta.url).pathname],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outfile;
};

/**
 * The configuration of a function that is asked in the bench: two clouds, callers with a JWT, and what else is given. The
 * clouds are a laptop's server, over HTTP on this machine.
 */
export const twoClouds = ({ url, accessKey, roles }: LocalAccess, secret = 'env:ACCOUNT_SECRET', more: object = {}) => {
  const account = (cloud: string) => ({
    cloud,
    endpoint: `${url}/`,
    region: 'us-east-1',
    key: { id: accessKey.id, secret },
  });
  const grant = (name: string) => ({
    name,
    callers: ['ci'],
    account: name,
    operations: ['AssumeRole', 'GetFederationToken'],
    roles: [roles[name]],
    maxDurationSeconds: 3600,
  });
  return {
    accounts: { aws: account('aws'), 'tencent-v3': account('tencent-v3') },
    callers: {
      ci: { jwt: { issuer: url, audience: 'credmint', jwks: 'file:jwks.json', algorithms: ['ES256'] } },
    },
    grants: [grant('aws'), grant('tencent-v3')],
    ...more,
  };
};

/** The same two clouds with the authority, whose callers sign in the formats of both. */
export const withAuthority = (access: LocalAccess) => ({
  ...twoClouds(access),
  callers: { ci: { accessKey: { id: access.accessKey.id, secret: 'env:ACCOUNT_SECRET' } } },
  authority: {
    keys: ['env:AUTHORITY_KEY'],
    accountIds: { aws: access.roles['aws']?.split(':')[4] },
    roles: { demo: { trust: ['ci'] } },
  },
  accounts: { ...twoClouds(access).accounts, own: { cloud: 'authority' } },
  grants: [
    {
      name: 'drop-in',
      callers: ['ci'],
      dialects: ['aws', 'tencent-v3'],
      account: 'own',
      operations: ['AssumeRole'],
      roles: ['**'],
    },
  ],
});

/** What the functions find in their environment, besides what a store needs. */
export const environmentOf = ({ accessKey }: LocalAccess): Readonly<Record<string, string>> => ({
  ACCOUNT_SECRET: accessKey.secret,
  AUTHORITY_KEY: 'a-secret-of-at-least-32-characters-for-the-bench',
  AWS_ACCESS_KEY_ID: 'ASIAROLEOFTHEFUNCTION',
  AWS_SECRET_ACCESS_KEY: 'secret-of-the-role',
  AWS_REGION: 'eu-central-1',
});

/** Builds one function for a configuration, and lays it out with the files that this refers to, as a package is. */
export const buildFunction = async (
  name: string,
  folder: string,
  laptop: string,
  configuration: object,
): Promise<string> => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'jwks.json'), readFileSync(join(laptop, 'keys/issuer.jwks.json')));
  const path = join(folder, 'credmint.config.json');
  writeFileSync(path, JSON.stringify(configuration));
  const read = readConfiguration(path, { target: 'aws', secretsAllowed: false });
  const { outfile } = await bundle(name, 'aws', folder, builtFor(name, 'aws', read));
  // Its files are beside its code.
  writeFileSync(join(folder, 'index.cjs'), readFileSync(outfile));
  return join(folder, 'index.cjs');
};
