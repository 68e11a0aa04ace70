import { describe, expect, it } from 'vitest';
import { type SessionDeps, sessions, type Viewer } from '../../lib/console/sessions.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { refusalCodeAsync } from '../support/expect-refusal.ts';

const now = () => new Date('2026-01-01T00:00:00Z');
const viewer: Viewer = {
  name: 'people',
  proof: 'gateway',
  claims: { exp: now().getTime() / 1000 + 60 },
  subject: { issuer: 'https://login.example', name: 'ada' },
};

const open = (more: Partial<SessionDeps> = {}) => {
  let texts = 0;
  return sessions({ store: memoryStore(now), now, ruleOf: () => null, randomText: () => `text ${++texts}`, ...more });
};

describe('a session of the page', () => {
  it('ends with the token of its viewer, though a gateway checked it', async () => {
    expect((await open().begin(viewer))?.session.until).toEqual(new Date('2026-01-01T00:01:00Z'));
  });

  it('that a code begins is of the same person', async () => {
    const all = open();
    const keyed: Viewer = { ...viewer, accessKeyId: 'AKIDADA' };
    expect(await all.redeem((await all.newCode(keyed, 60)) ?? '')).toMatchObject(keyed);
  });
});

describe('a one-time code', () => {
  it('is neither used nor unused while the store cannot claim it', async () => {
    const all = open({ store: { ...memoryStore(now), acquire: async () => undefined } });
    const code = (await all.newCode(viewer, 60)) ?? '';
    expect(await refusalCodeAsync(() => all.redeem(code))).toBe('Unavailable');
  });

  it('begins a session once, unless it is given back', async () => {
    const all = open();
    const code = (await all.newCode(viewer, 60)) ?? '';
    const caller = await all.redeem(code);
    expect(await all.redeem(code)).toBeUndefined();
    await caller?.giveBackProof?.();
    expect(await all.redeem(code)).toMatchObject(viewer);
  });
});
