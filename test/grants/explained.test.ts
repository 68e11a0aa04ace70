import { describe, expect, it } from 'vitest';
import type { UnmetClause } from '../../lib/core/denial.ts';
import { StsError, type StsErrorDetail } from '../../lib/core/errors.ts';
import { type Explain, explained, unmetInWords } from '../../lib/grants/explained.ts';

const ofGrant: UnmetClause = {
  grant: 'deploy',
  clause: 'roles',
  reason: 'RoleNotGranted',
  expected: 'role/a',
  saw: 'another text, of 6 characters',
};
const { grant: _, ...unnamed } = ofGrant;
const ofCaller: UnmetClause = { ...unnamed, caller: 'ci', clause: 'claims', expected: 'sub: x', saw: 'absent' };
const trace = [ofGrant, ofCaller];
const reason = 'RoleNotGranted';
const parameter = 'role';

describe('what a caller is told of a denial', () => {
  const told = (explain: Explain, detail: StsErrorDetail) => {
    const error = explained(new StsError('AccessDenied', 'Why.', detail), explain);
    return [error.code, error.message, error.detail];
  };
  const nothing = ['AccessDenied', 'This is not allowed.', {}];
  const whole =
    'No grant of this caller allows this role. deploy: roles should be role/a; there was another text, of 6 characters. ci: claims should be sub: x; there was absent.';

  it.each<[string, Explain, StsErrorDetail, readonly unknown[]]>([
    ['that it is one', 'none', { reason, trace, parameter }, nothing],
    ['its reason', 'code', { reason, trace, parameter }, ['AccessDenied', 'Why.', { reason, parameter }]],
    ['its reason, of one without a trace', 'full', { reason }, ['AccessDenied', 'Why.', { reason }]],
    ['each clause', 'full', { reason, trace, parameter }, ['AccessDenied', whole, { reason, trace, parameter }]],
    ['nothing of what must not be told', 'full', { reason, trace, untold: true }, nothing],
    ['nothing if it is not proven', 'full', { reason, trace, proofFault: 'ClaimMismatch' }, nothing],
    ['nothing if it is not proven', 'code', { reason, trace, proofFault: 'ClaimMismatch' }, nothing],
  ])('is %s, with %s', (_name, explain, detail, expected) => {
    expect(told(explain, detail)).toEqual(expected);
  });

  it('is an error that is no denial as it is', () => {
    const error = new StsError('InvalidParameter', 'Why.', { parameter });
    for (const explain of ['none', 'code', 'full'] as const) expect(explained(error, explain)).toBe(error);
  });
});

it('a clause in words names the grant, or the caller whose own rule it is', () => {
  expect(trace.map(unmetInWords)).toEqual([
    'deploy: roles should be role/a; there was another text, of 6 characters',
    'ci: claims should be sub: x; there was absent',
  ]);
});
