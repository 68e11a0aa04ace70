import { describe, expect, it } from 'vitest';
import { addressesOf, anyAddress } from '../../../lib/diagnostics/prove/addresses.ts';
import { claimAxis, member, names, numbers, texts } from '../../../lib/diagnostics/prove/axes.ts';
import { find, isText } from '../../../lib/diagnostics/prove/find.ts';
import { anyInstant, anyMinute, minutesOf } from '../../../lib/diagnostics/prove/times.ts';
import type { IssuerGrammar } from '../../../lib/grants/prove/issuers/grammar.ts';
import { exactly, union } from '../../../lib/grants/prove/language.ts';
import type { AxisSet } from '../../../lib/grants/prove/set.ts';

const grammar: IssuerGrammar = {
  kinds: [
    {
      name: 'a job',
      shape: [
        { in: ['sub', '/job/name'], alphabet: () => true },
        { in: ['run'], words: ['1', '2'] },
      ],
    },
    { name: 'a user', shape: [{ in: ['sub'], text: 'user' }] },
  ],
  texts: ['actor'],
  lists: ['groups'],
  isOpen: true,
  hasAudiences: true,
  risks: [],
};
const deps = { grammarOf: () => grammar, now: new Date('2026-11-26T12:00:00Z') };
const is = (...list: readonly string[]): AxisSet => member(exactly(list));

const whole: Readonly<Record<string, AxisSet>> = {
  proof: names('a token'),
  account: names('prod'),
  operation: names('AssumeRole'),
  dialect: names('json', 'aws'),
  role: texts(union(['role/*'])),
  address: { kind: 'numbers', intervals: anyAddress },
  instant: { kind: 'numbers', intervals: anyInstant },
  minute: { kind: 'numbers', intervals: anyMinute },
  duration: numbers(900n, 3600n),
};
const found = (changes: Readonly<Record<string, AxisSet | undefined>> = {}) =>
  find(
    new Map(
      Object.entries({ ...whole, ...changes }).filter((pair): pair is [string, AxisSet] => pair[1] !== undefined),
    ),
    deps,
  );
const witness = (changes: Readonly<Record<string, AxisSet | undefined>> = {}) => {
  const finding = found(changes);
  if (finding.kind !== 'found') throw new Error(finding.kind);
  return finding.witness;
};

const shortest = {
  proof: 'a token',
  kind: 'a job',
  claims: { sub: 'a', job: { name: 'a' }, run: '1' },
  unasked: ['run'],
  account: 'prod',
  operation: 'AssumeRole',
  role: 'role/a',
  durationSeconds: 3600,
  dialect: 'json',
  at: '2026-11-26T12:00:00.000Z',
  isAnyTime: true,
};

describe('a request that a product admits', () => {
  it('is shown whole', () => {
    const { role, ...rest } = witness();
    expect(rest).toStrictEqual((({ role: _, ...others }) => others)(shortest));
    expect(role).toMatch(/^role\/.?$/);
  });

  it('has the claims that are asked, each where its name says', () => {
    expect(witness({ [claimAxis('sub')]: is('x'), [claimAxis('actor')]: is('bob') }).claims).toEqual({
      sub: 'x',
      job: { name: 'x' },
      run: '1',
      actor: 'bob',
    });
    const nested = { [claimAxis('/a~1b/c~0d/e')]: is('x'), [claimAxis('/a~1b/f')]: is('y') };
    expect(witness(nested).claims).toMatchObject({ 'a/b': { 'c~d': { e: 'x' }, f: 'y' } });
    expect(witness({ [claimAxis('groups')]: is('x') }).claims).toMatchObject({ groups: ['x'] });
  });

  it.each<[string, Readonly<Record<string, AxisSet>>, string]>([
    ['a text and an object', { [claimAxis('/job')]: is('x') }, 'job'],
    ['within a text', { [claimAxis('/actor/name')]: is('x'), [claimAxis('actor')]: is('y') }, 'actor'],
    ['within a list', { [claimAxis('groups')]: is('x'), [claimAxis('/groups/first')]: is('y') }, '/groups/first'],
  ])('is not known with a claim that is %s', (_, changes, name) => {
    expect(found(changes)).toEqual({ kind: 'unknown', why: `the claim ${name} is a text and an object` });
  });

  it('names where and when only if not any would do', () => {
    const times = { days: ['Fri' as const] };
    expect(witness({ minute: { kind: 'numbers', intervals: minutesOf(times) } })).toMatchObject({
      at: '2026-11-27T00:00:00.000Z',
    });
    expect(witness({ minute: { kind: 'numbers', intervals: minutesOf(times) } })).not.toHaveProperty('isAnyTime');
    const later = { kind: 'numbers', intervals: [[0n, 1n]] } as const;
    expect(witness({ instant: later })).not.toHaveProperty('isAnyTime');
    expect(witness({ address: { kind: 'numbers', intervals: addressesOf(['192.0.2.7']) } }).sourceIp).toBe('192.0.2.7');
  });

  it('has no duration if nothing is minted, and no claims if nothing is proven', () => {
    for (const operation of ['ReadLease', 'ListLeases', 'GetCallerIdentity', 'Observe']) {
      expect(witness({ operation: names(operation) })).not.toHaveProperty('durationSeconds');
    }
    expect(witness({ operation: names('IssueToken') }).durationSeconds).toBe(3600);
    const bare = { ...grammar, kinds: [{ name: 'a request', shape: [] }] };
    const finding = find(new Map(Object.entries(whole)), { ...deps, grammarOf: () => bare });
    expect(finding.kind === 'found' && 'claims' in finding.witness).toBe(false);
  });

  it('names a lease and an audience if there are any', () => {
    expect(witness({ role: undefined, lease: texts(exactly(['demo'])) })).toMatchObject({ lease: 'demo' });
    expect(witness({ role: undefined, audience: texts(exactly(['https://a'])) })).toMatchObject({
      audience: 'https://a',
    });
    expect(witness({ role: undefined })).not.toHaveProperty('role');
  });

  it.each<[string, Readonly<Record<string, AxisSet | undefined>>]>([
    ['a proof', { proof: undefined }],
    ['any proof', { proof: names() }],
    ['a dialect', { dialect: names() }],
    ['a role', { role: texts(union([])) }],
    ['a lease', { lease: texts(union([])) }],
    ['an audience', { audience: texts(exactly([''])) }],
    ['an address', { address: { kind: 'numbers', intervals: [] } }],
    ['an instant', { instant: { kind: 'numbers', intervals: [] } }],
    ['a minute', { minute: { kind: 'numbers', intervals: [] } }],
    ['a duration', { duration: numbers(2n, 1n) }],
    ['a duration at all', { duration: undefined }],
    ['a subject', { [claimAxis('sub')]: { kind: 'members', some: [union(['a*']), union(['b*'])], never: [] } }],
    [
      'a subject that is not left out',
      { [claimAxis('sub')]: { kind: 'members', some: [union(['*'])], never: [union(['**'])] } },
    ],
  ])('is none without %s', (_, changes) => {
    expect(found(changes)).toEqual({ kind: 'none' });
  });
});

it.each([
  ['sub', true],
  ['actor', true],
  ['groups', false],
  ['run', false],
  ['other', false],
])('the claim %s is one text in every token: %s', (name, expected) => {
  expect(isText(grammar, name)).toBe(expected);
  expect(isText({ ...grammar, isOpen: false }, name)).toBe(name !== 'groups');
});
