import { describe, expect, it } from 'vitest';
import type { Caller, Session } from '../../lib/core/caller.ts';
import type { TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { SessionAct } from '../../lib/core/session-act.ts';
import { chainClaim, chainedRange, heedChain, heedSession, sessionLets } from '../../lib/grants/session-gate.ts';
import { expectRefusal, refusalCode } from '../support/expect-refusal.ts';

const ci: Caller = { name: 'ci', proof: 'accessKey' };
const holderOf = (kind: Session['kind']): Caller => ({ ...ci, proof: 'session', session: { kind } as Session });

describe('the policies of a session', () => {
  const asked = (request: TokenRequest): readonly SessionAct[] => {
    const acts: SessionAct[] = [];
    const sessionMay = (_: Session, act: SessionAct) => acts.push(act) > 0;
    expect(refusalCode(() => heedSession(sessionMay, holderOf('role'), request))).toBe('none');
    return acts;
  };

  it.each<[TokenRequest, SessionAct]>([
    [
      { operation: 'AssumeRole', role: 'r', sessionName: 'me' },
      { actions: ['sts:AssumeRole', 'sts:agencies:assume'], role: 'r' },
    ],
    [
      { operation: 'AssumeRoleWithWebIdentity', role: 'r', sessionName: 'me', webIdentityToken: new Secret('x') },
      { actions: ['sts:AssumeRole', 'sts:agencies:assume'], role: 'r' },
    ],
    [
      { operation: 'ReadLease', lease: 'demo' },
      { actions: ['credmint:ReadLease', 'credmint:lease:read'], lease: 'demo' },
    ],
    [
      { operation: 'ListLeases', lease: 'demo' },
      { actions: ['credmint:ListLeases', 'credmint:lease:list'], lease: 'demo' },
    ],
    [{ operation: 'ListLeases' }, { actions: ['credmint:ListLeases', 'credmint:lease:list'] }],
    [
      { operation: 'IssueToken', audiences: [] },
      { actions: ['sts:GetWebIdentityToken', 'sts:token:getWebIdentityToken'] },
    ],
    [{ operation: 'GetCallerIdentity' }, { actions: ['sts:GetCallerIdentity', 'sts:identity:getCallerIdentity'] }],
  ])('are asked about the act of %j', (request, act) => {
    expect(asked(request)).toEqual([act]);
  });

  it('forbid what they do not allow, and say so', () => {
    const request: TokenRequest = { operation: 'GetCallerIdentity' };
    const act = () => heedSession(() => false, holderOf('role'), request);
    expect(expectRefusal(act)).toMatchObject({
      code: 'AccessDenied',
      message: 'The policy of this session does not allow to ask for this.',
    });
    expect(sessionLets(() => false, holderOf('role'), request)).toBe(false);
    expect(sessionLets(() => true, holderOf('role'), request)).toBe(true);
    expect(sessionLets(() => false, ci, request)).toBe(true);
  });

  it.each<TokenRequest>([
    { operation: 'GetSessionToken' },
    { operation: 'GetFederationToken', name: 'me' },
    { operation: 'Observe', account: 'console' },
    { operation: 'Logout' },
  ])('cannot allow what takes a permanent key: %j', (request) => {
    expect(expectRefusal(() => heedSession(() => true, holderOf('user'), request)).message).toBe(
      'This operation takes a long-term key, not temporary credentials.',
    );
  });
});

describe('a chain of sessions', () => {
  const range = { min: 900, default: 7200, max: 43_200 };

  it.each<[Session['kind'], object, object]>([
    ['role', { min: 900, default: 3600, max: 3600 }, { credmint_session: true }],
    ['federated', { min: 900, default: 3600, max: 3600 }, { credmint_session: true }],
    ['user', range, {}],
  ])('goes on for an hour at most from a session of kind %s', (kind, most, claim) => {
    expect(chainedRange(holderOf(kind), range)).toEqual(most);
    expect(chainClaim(holderOf(kind))).toEqual(claim);
  });

  it('does not begin with a caller, nor is a shorter time made longer', () => {
    expect(chainedRange(ci, range)).toEqual(range);
    expect(chainClaim(ci)).toEqual({});
    const short = { min: 60, default: 300, max: 1800 };
    expect(chainedRange(holderOf('role'), short)).toEqual(short);
  });

  it('is not given what was minted already for more than an hour, but for a minute of clocks', () => {
    const given = (caller: Caller, lifetimeMs: number) => refusalCode(() => heedChain(caller, lifetimeMs));
    expect(given(holderOf('role'), 3_660_000)).toBe('none');
    expect(given(holderOf('role'), 3_660_001)).toBe('AccessDenied');
    expect(given(holderOf('user'), 3_660_001)).toBe('none');
    expect(given(ci, 3_660_001)).toBe('none');
    expect(expectRefusal(() => heedChain(holderOf('role'), 3_660_001)).message).toBe(
      'This lives longer than the hour for which a session may be given anything.',
    );
  });
});
