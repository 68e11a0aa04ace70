import { anyLetter, digits, type IssuerGrammar, inClass, oneOf, registered, some, text, uuid } from './grammar.ts';

const dnsLabel = inClass(/^[a-z0-9-]$/);
const dnsName = inClass(/^[a-z0-9.-]$/);

/**
 * https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens: the
 * namespace and the service account stand in the subject and in the private claims.
 */
export const kubernetes: IssuerGrammar = {
  kinds: [
    {
      name: 'a service account',
      shape: [
        text('system:serviceaccount:', 'sub'),
        some(dnsLabel, 'sub', '/kubernetes.io/namespace'),
        text(':', 'sub'),
        some(dnsName, 'sub', '/kubernetes.io/serviceaccount/name'),
        some(uuid, '/kubernetes.io/serviceaccount/uid'),
      ],
    },
  ],
  texts: [
    ...registered,
    '/kubernetes.io/pod/name',
    '/kubernetes.io/pod/uid',
    '/kubernetes.io/node/name',
    '/kubernetes.io/node/uid',
    '/kubernetes.io/secret/name',
    '/kubernetes.io/secret/uid',
    '/kubernetes.io/warnafter',
  ],
  lists: [],
  isOpen: false,
  hasAudiences: true,
  organisation: '/kubernetes.io/namespace',
  risks: [],
};

/**
 * https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md, 2: a trust domain of lower case, and a path of
 * segments that are not empty. JWT-SVID.md, 3: further claims are the issuer's own.
 */
export const spiffe: IssuerGrammar = {
  kinds: [
    {
      name: 'a workload',
      shape: [
        text('spiffe://', 'sub'),
        some(inClass(/^[a-z0-9._-]$/), 'sub'),
        { ...some(inClass(/^[A-Za-z0-9._/-]$/), 'sub'), mayBeEmpty: true },
      ],
    },
  ],
  texts: [...registered],
  lists: [],
  isOpen: true,
  hasAudiences: true,
  risks: [],
};

/** https://docs.cloud.google.com/iam/docs/service-account-creds, identity tokens; the subject is the unique id. */
export const google: IssuerGrammar = {
  kinds: [
    {
      name: 'an account of Google',
      shape: [
        some(digits, 'sub'),
        some(inClass(/^[^\s@:/]$/), 'email'),
        text('@', 'email'),
        some(dnsName, 'email'),
        oneOf(['true', 'false'], 'email_verified'),
      ],
    },
  ],
  texts: [
    ...registered,
    'hd',
    'name',
    'picture',
    'given_name',
    'family_name',
    'locale',
    'at_hash',
    ...['instance_id', 'instance_name', 'project_id', 'project_number', 'zone', 'instance_creation_timestamp'].map(
      (name) => `/google/compute_engine/${name}`,
    ),
  ],
  lists: [],
  isOpen: false,
  hasAudiences: false,
  organisation: 'hd',
  risks: [],
};

/**
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference. The issuer is of one tenant. An
 * application may be given further claims by a mapping policy.
 */
const azure = (version: '1.0' | '2.0', client: string): IssuerGrammar => ({
  kinds: [
    {
      name: `a principal of the tenant (version ${version})`,
      shape: [some(anyLetter, 'sub'), some(uuid, 'oid'), some(uuid, 'tid'), some(uuid, client), text(version, 'ver')],
    },
  ],
  texts: [
    ...registered.filter((name) => name !== client),
    'idtyp',
    'scp',
    'upn',
    'unique_name',
    'preferred_username',
    'name',
    'email',
    'appidacr',
    'azpacr',
    'xms_mirid',
  ],
  lists: ['roles', 'groups', 'wids', 'amr'],
  isOpen: true,
  hasAudiences: false,
  organisation: 'tid',
  risks: [],
});

export const azureV1 = azure('1.0', 'appid');
export const azureV2 = azure('2.0', 'azp');

/** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
export const cognito: IssuerGrammar = {
  kinds: [
    {
      name: 'a user of the pool',
      shape: [some(uuid, 'sub'), oneOf(['id', 'access'], 'token_use'), some(anyLetter, 'cognito:username')],
    },
  ],
  texts: [...registered],
  lists: ['cognito:groups', 'cognito:roles'],
  // Attributes of users, and what a trigger before the token adds.
  isOpen: true,
  hasAudiences: false,
  risks: [],
};

/** https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/#access-token: claims of an operator's own are many. */
export const okta: IssuerGrammar = {
  kinds: [{ name: 'a user or a client', shape: [some(anyLetter, 'sub')] }],
  texts: [...registered, 'cid', 'uid', 'ver', 'auth_time', 'idp', 'preferred_username', 'email'],
  lists: ['scp', 'groups', 'amr'],
  isOpen: true,
  hasAudiences: false,
  risks: [],
};
