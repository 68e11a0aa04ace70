import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { type Chain, createChain, type Link } from '../../lib/audit/chain.ts';
import { readEntry } from '../../lib/audit/entry.ts';
import { type SigningKey, signingKey } from '../../lib/audit/keys.ts';
import { lineOf } from '../../lib/audit/line.ts';
import type { AuditRecord } from '../../lib/core/audit.ts';

export interface TestKey {
  readonly signing: SigningKey;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const newKey = (): TestKey => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { signing: signingKey(privateKey), publicKey, privateKey };
};

export const someRecord = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  time: new Date('2026-11-22T02:34:16.123Z'),
  requestId: '8e3c7a52-0a5d-4f43-9d5c-6a1f0b7c2d19',
  dialect: 'aws',
  outcome: 'Done',
  ...changes,
});

/** Any text, and the texts that are hard to write down. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\u2028', '\ud800', '\u0000', '\uffff', 'ü€😀', '{"audit.chain.hash":"', 'x'.repeat(3000)),
);

export const anyRecord: fc.Arbitrary<AuditRecord> = fc
  .record(
    {
      time: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      requestId: fc.uuid(),
      dialect: fc.constantFrom('json', 'aws', 'ucloud'),
      outcome: fc.constantFrom('Done', 'AccessDenied', 'Internal'),
      operation: fc.constantFrom('AssumeRole', 'GetFederationToken'),
      caller: fc.stringMatching(/^[A-Za-z0-9._-]{1,16}$/),
      proof: fc.constantFrom('accessKey', 'jwt'),
      scheme: fc.constantFrom('sigv4', 'tc3'),
      callerKeyId: text,
      ignored: fc.array(text, { maxLength: 3 }),
      grant: fc.stringMatching(/^[a-z]{1,8}$/),
      role: text,
      sessionName: text,
      askedDurationSeconds: fc.nat(),
      durationSeconds: fc.nat(),
      accessKeyId: text,
      expiration: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      upstream: fc.record({ status: fc.nat(599), code: text, requestId: text }, { requiredKeys: [] }),
      trace: fc.array(
        fc.record({
          grant: text,
          clause: text,
          reason: fc.constantFrom('NoGrant', 'ClaimMismatch'),
          expected: text,
          saw: text,
        }),
        { maxLength: 20 },
      ),
      sourceIp: fc.oneof(fc.ipV4(), fc.ipV6()),
      milliseconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      stages: fc.record({ parse: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
    },
    { requiredKeys: ['time', 'requestId', 'dialect', 'outcome'] },
  )
  .map((record) => record as AuditRecord);

/** What happens to one of several instances: it decides something, or stops and begins anew. */
export interface Happening {
  readonly instance: number;
  readonly what: 'record' | 'restart' | 'crash';
  readonly session: string;
}

export const happenings = fc.record({
  everyRecords: fc.integer({ min: 1, max: 5 }),
  all: fc.array(
    fc.record({
      instance: fc.nat(2),
      what: fc.oneof(
        { weight: 10, arbitrary: fc.constant('record' as const) },
        { weight: 1, arbitrary: fc.constant('restart' as const) },
      ),
      session: fc.oneof(fc.constantFrom('ci', 'ü€😀', '\ufffd\ufffd'), fc.string({ unit: 'binary', maxLength: 12 })),
    }),
    { minLength: 3, maxLength: 40 },
  ),
});

export const linkOf = (line: string): Link => {
  const entry = readEntry(Buffer.from(line, 'utf8'));
  if (entry === undefined) throw new Error(`no line of a chain: ${line}`);
  return { chain: entry.chain, sequence: entry.sequence, hash: entry.hash };
};

/** The lines of several instances that write to one log; all of them end, except those that crash. */
export const writeLog = (
  key: TestKey,
  plan: { readonly everyRecords: number; readonly all: readonly Happening[] },
  older: readonly TestKey[] = [],
): string[] => {
  const lines: string[] = [];
  const chains = new Map<number, Chain>();
  const lastOf = new Map<number, Link>();
  let count = 0;
  let time = Date.parse('2026-11-22T02:34:16Z');
  const now = () => {
    time += 7;
    return new Date(time);
  };
  const write = (instance: number, written: readonly string[]): void => {
    lines.push(...written);
    const last = written.at(-1);
    if (last !== undefined) lastOf.set(instance, linkOf(last));
  };
  const chainOf = (instance: number): Chain => {
    let chain = chains.get(instance);
    if (chain === undefined) {
      chain = createChain({
        id: (++count).toString(16).padStart(32, '0'),
        keys: { current: key.signing, older: older.map(({ signing }) => signing) },
        checkpoint: { everyRecords: plan.everyRecords, everySeconds: 3600 },
        after: lastOf.get(instance),
      });
      chains.set(instance, chain);
    }
    return chain;
  };
  for (const { instance, what, session } of plan.all) {
    if (what === 'record')
      write(instance, chainOf(instance).add(lineOf(someRecord({ sessionName: session, time: now() })), now()));
    else {
      if (what === 'restart') write(instance, chains.get(instance)?.end(now()) ?? []);
      chains.delete(instance);
    }
  }
  for (const [instance, chain] of chains) write(instance, chain.end(now()));
  return lines;
};
