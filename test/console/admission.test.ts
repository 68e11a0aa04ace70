import { expect, it } from 'vitest';
import { type AdmissionDeps, admission } from '../../lib/console/admission.ts';
import { sessions } from '../../lib/console/sessions.ts';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { RawRequest } from '../../lib/platform/raw-request.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { refusalCodeAsync } from '../support/expect-refusal.ts';

const now = () => new Date('2026-01-01T00:00:00Z');
const signal = new AbortController().signal;

const open = (rules: unknown, givenBack: string[] = []) => {
  const broker: AdmissionDeps['broker'] = () => ({
    authenticate: async () => ({ name: 'ops', proof: 'jwt', giveBackProof: async () => void givenBack.push('ops') }),
    admit: () => undefined,
    rules: rules as ReturnType<AdmissionDeps['broker']>['rules'],
    audit: unlimitedAuditLog(async () => undefined),
    publicHosts: [],
    requireSignedHost: false,
    now,
  });
  const store = { ...memoryStore(now), put: async () => false };
  return admission({ broker, sessions: sessions({ store, now, ruleOf: () => null, randomText: () => 'text' }) });
};

const raw = (slot?: RawRequest['slot']): RawRequest => ({
  method: 'GET',
  path: '/console',
  query: '',
  headers: { host: 'localhost', authorization: 'Bearer a.b.c' },
  body: new Uint8Array(),
  ...(slot === undefined ? {} : { slot }),
});

it('counts a viewer among the requests under way as itself, and refuses one that has too many', async () => {
  const owners: string[] = [];
  const slot = {
    belongTo: (owner: string) => {
      owners.push(owner);
      return false;
    },
  };
  expect(await refusalCodeAsync(() => open(undefined).viewer(raw(slot as RawRequest['slot']), 'one', signal))).toBe(
    'Throttled',
  );
  expect(owners).toEqual(['ops']);
});

it('gives a proof back that may be used once if what follows fails in a way that may pass', async () => {
  const givenBack: string[] = [];
  const slot = { belongTo: () => false };
  await open(undefined, givenBack)
    .viewer(raw(slot as unknown as RawRequest['slot']), 'one', signal)
    .catch(() => undefined);
  expect(givenBack).toEqual(['ops']);
});
