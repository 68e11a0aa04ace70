import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { profiles } from '../../../lib/clouds/aws/profiles.ts';
import { catalog } from '../../../lib/clouds/catalog.ts';
import { functionNames, root, type Target } from '../../../scripts/bundle.ts';
import { type ListName, lists, partsOf, type Selection } from '../../../scripts/lists.ts';
import { builtFor } from '../../../scripts/package/built-for.ts';
import { readBy } from '../../../scripts/package/function-configuration.ts';
import { goal } from '../../support/packaged/goal.ts';
import { writtenOf } from '../../support/packaged/written.ts';

const partsIn = (list: ListName): readonly string[] =>
  partsOf(readFileSync(join(root, lists[list].file), 'utf8'), list);

const secret = 'env:SECRET';
const key = { id: 'AKIDEXAMPLE', secret };
const keyed = { callers: { ci: { accessKey: key } } };
const tokens = { callers: { ci: { jwt: { issuer: 'https://issuer.example.com', audience: 'credmint' } } } };
const certificate = { from: 'tls', spiffe: 'spiffe://example.org/ci' };
const authorizer = { gateway: { id: 'a1b2c3' }, kind: 'iam' };
const authority = { authority: { keys: [secret] }, accounts: { own: { cloud: 'authority' } } };
const issuer = { issuer: { url: 'https://id.example.com', keys: [secret] } };
const at = (cloud: string, more: object = {}) => ({
  accounts: { there: { cloud, endpoint: 'https://sts.example.com', key, ...more } },
});
const grant = { name: 'all', callers: ['ci'], account: 'there', operations: ['AssumeRole'], roles: ['**'] };
const granted = (more: object = {}) => ({ grants: [{ ...grant, ...more }] });
const delivering = (deliver: object) => ({
  leases: { nightly: { operation: 'AssumeRole', account: 'there', role: 'r', deliver: [deliver] } },
});
const hook = { kind: 'webhook', url: 'https://hooks.example.com/', secret };
const sealing = { sealingKeys: [secret] };
const dynamodb = { store: { kind: 'dynamodb', table: 'credmint', region: 'eu-central-1', ...sealing } };
const redis = { store: { kind: 'redis', url: 'redis://127.0.0.1:6379', ...sealing } };
const sqlite = { store: { kind: 'sqlite', path: 'store.sqlite', ...sealing } };
const s3 = { kind: 's3', endpoint: 'https://bucket.s3.example.com', region: 'eu-central-1', key };
const sqs = { kind: 'sqs', endpoint: 'https://sqs.example.com/1/audit', region: 'eu-central-1', key };
const region = 'eu-central-1';

interface Naming {
  /** What has the part carried. */
  readonly json: object;
  /** A configuration that does not; nothing is one for most parts. */
  readonly without?: object;
  /** The function that has it; the drop-in endpoint has most. */
  readonly by?: string;
  readonly target?: Target;
  readonly notFor?: Target;
}

const eachCloud = (name: (id: string) => object): Record<string, Naming> =>
  Object.fromEntries(Object.keys(catalog).map((id) => [id, { json: name(id) }]));

/** For each part, a configuration that names it. A part that stands in a list and not here fails. */
const namings: Readonly<Record<ListName, Readonly<Record<string, Naming | 'always' | 'never'>>>> = {
  clouds: eachCloud((id) => at(id)),
  dialects: Object.fromEntries(
    Object.values(catalog).flatMap(({ id, upstreamOnly }) =>
      upstreamOnly === true ? [] : [[id, { json: { ...keyed, ...granted({ dialects: [id] }) } }]],
    ),
  ),
  general: { json: 'always', oauth: { json: { ...tokens, ...granted() }, without: { ...tokens } } },
  identities: {
    container: { json: {}, target: 'aws', notFor: 'tencent' },
    webIdentity: 'never',
    instance: 'never',
  },
  secrets: Object.fromEntries(
    ['ssm', 'secretsmanager', 'tencent-ssm'].map((kind) => [
      kind,
      { json: at('aws', { key: { id: 'AKIA', secret: `${kind}:name` } }), without: at('aws') },
    ]),
  ),
  sections: {
    authority: { json: authority },
    issuer: { json: issuer },
    leases: { json: delivering(hook) },
    events: {
      json: { events: { recipients: { me: { jwk: secret, callers: ['ci'], reply: hook } } } },
      by: 'mintOnEvent',
    },
    tls: 'never',
    telemetry: 'never',
  },
  proofs: {
    seal: { json: { seal: { keys: [secret] } } },
    accessKey: { json: keyed },
    jwt: { json: tokens },
    certificate: { json: { callers: { ci: { certificate } } } },
    authorizer: { json: { callers: { ci: { authorizer } } } },
    proxies: { json: { proxies: { addresses: ['192.0.2.1'] } } },
  },
  ways: {
    signature: { json: keyed, without: tokens },
    password: {
      json: { ...keyed, ...granted({ dialects: ['ecs'] }) },
      without: { ...keyed, ...granted({ dialects: ['aws'] }) },
    },
    jwt: { json: tokens, without: keyed },
    platform: { json: { callers: { ci: { certificate } } }, without: tokens },
  },
  schemes: { sigv4: { json: keyed, without: tokens }, tc3: { json: keyed, without: tokens } },
  grammars: Object.fromEntries(
    Object.entries(catalog).map(([id, { grammar }]) => [
      grammar.name,
      { json: { ...at(id), ...granted({ policy: {} }) }, without: { ...at(id), ...granted() } },
    ]),
  ),
  profiles: Object.fromEntries(Object.keys(profiles).map((profile) => [profile, { json: at('aws', { profile }) }])),
  causes: { redis: { json: redis }, sqlite: { json: sqlite } },
  diagnosis: { probes: 'never' },
  issuers: { issuer: { json: issuer } },
  metrics: { emf: { json: { emf: { namespace: 'credmint' } } } },
  stores: {
    memory: { json: {}, without: dynamodb },
    sqlite: { json: sqlite },
    redis: { json: redis },
    dynamodb: { json: dynamodb },
  },
  servers: { redis: { json: redis } },
  sinks: {
    stdout: 'always',
    file: { json: { audit: { sink: { kind: 'file', path: 'audit.jsonl' } } } },
    s3: { json: { audit: { sink: s3 } } },
    sqs: { json: { audit: { sink: sqs } } },
  },
  deliveries: Object.fromEntries(
    [
      hook,
      { kind: 'file', path: 'credentials' },
      { kind: 'ssm', parameter: '/here', region },
      { kind: 'secretsmanager', secretId: 'here', region },
      { kind: 'tencent-ssm', secretName: 'here', region, key },
      { kind: 'kubernetes', namespace: 'here', secretName: 'here' },
    ].map((deliver) => [deliver.kind, { json: delivering(deliver), by: 'refreshLeases' }]),
  ),
  features: {
    authority: { json: authority },
    leases: { json: delivering(hook) },
    documents: { json: issuer },
    diagnosis: { json: keyed, without: tokens },
  },
  shapes: {
    httpApi: { json: {}, target: 'aws', notFor: 'tencent' },
    restApi: { json: {}, target: 'aws', notFor: 'tencent' },
    alb: { json: {}, target: 'aws', notFor: 'tencent' },
    scf: { json: {}, target: 'tencent', notFor: 'aws' },
  },
  configurations: { file: 'never', built: 'always' },
};

const selected = (json: object, by = 'sts', target: Target = 'aws'): Selection =>
  builtFor(by, target, { written: writtenOf(json), text: '' }).selection;

describe.each(Object.keys(lists) as ListName[])('the parts of the list %s', (list) => {
  it('are each told here', () => {
    expect(Object.keys(namings[list]).sort()).toEqual([...partsIn(list)].sort());
  });

  it.each(Object.entries(namings[list]))(
    '%s: carried by a function whose configuration names it, and by no other',
    (part, naming) => {
      if (naming === 'always' || naming === 'never') {
        expect(selected({})[list].has(part)).toBe(naming === 'always');
        expect(selected(goal)[list].has(part)).toBe(naming === 'always');
        return;
      }
      const { json, without = {}, by, target = 'aws', notFor } = naming;
      expect(selected(json, by, target)[list].has(part)).toBe(true);
      expect(selected(without, by, notFor ?? target)[list].has(part)).toBe(notFor === undefined && json === without);
    },
  );
});

describe('a dialect', () => {
  it('of which no caller has a proof is left out', () => {
    const { dialects } = selected({ ...tokens, ...granted() });

    expect([...dialects].sort()).toEqual(['alibaba', 'aws', 'huawei', 'tencent-v3', 'volcengine']);
  });

  it('of every cloud is carried for callers with keys whom a grant allows any', () => {
    const { dialects } = selected({ ...keyed, ...granted() });

    expect(dialects.size).toBe(Object.values(catalog).filter(({ upstreamOnly }) => upstreamOnly !== true).length);
  });
});

describe('what a function reads of a configuration', () => {
  const whole = writtenOf({
    ...keyed,
    ...delivering(hook),
    ...granted(),
    notify: [hook],
    server: { port: 8080 },
    tls: { cert: 'file:/tls.pem', key: 'file:/key.pem' },
  });

  it.each(functionNames())('is told of %s', (name) => {
    expect(() => readBy(name, whole)).not.toThrow();
  });

  it.each([
    ['assumeRole', 'leases.nightly'],
    ['sts', 'hooks.example.com'],
    ['refreshLeases', 'AKIDEXAMPLE'],
    ['mintOnEvent', 'AKIDEXAMPLE'],
    ['sts', 'tls.pem'],
  ])('leaves out of %s what it has no use for: %s', (name, text) => {
    expect(JSON.stringify(readBy(name, whole))).not.toContain(text);
  });

  it('is nothing for health and for public documents', () => {
    expect(readBy('health', whole)).toBeUndefined();
    expect(readBy('issuerDocuments', whole)).toBeUndefined();
  });

  it('has only the references that it follows', () => {
    const { configuration } = builtFor('assumeRole', 'aws', { written: writtenOf(goal), text: 'text' });

    expect(configuration?.remote).toEqual(['ssm:/credmint/live/cos', 'ssm:/credmint/live/store']);
  });
});
