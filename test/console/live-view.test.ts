import { describe, expect, it } from 'vitest';
import { withAnswer, withEvent } from '../../console/live-view.ts';
import type { DecisionLine, LeaseView, PageView } from '../../lib/console/view.ts';

const common = { viewer: 'ops', until: '2026-11-26T13:00:00.000Z', version: '1.0.0' };
const decision = (second: number): DecisionLine => ({
  requestId: `request ${second}`,
  at: new Date(1_000 * second).toISOString(),
  outcome: 'Done',
  why: [],
});
const decisions = (...seconds: readonly number[]): PageView => ({
  ...common,
  page: 'decisions',
  decisions: seconds.map(decision),
  filter: { text: '', ending: '' },
});
const secondsOf = (view: PageView): readonly number[] =>
  'decisions' in view ? view.decisions.map(({ at }) => Date.parse(at) / 1_000) : [];

describe('the decisions of an open page', () => {
  it('are each there once, newest first, however they were told', () => {
    const told = { event: 'decisions', data: [1, 2, 4].map(decision) } as const;
    expect(secondsOf(withEvent(decisions(3, 2), told))).toEqual([4, 3, 2, 1]);
  });

  it('keep what was told while the server was asked', () => {
    expect(secondsOf(withAnswer(decisions(5, 1), decisions(3, 2, 1), false))).toEqual([5, 3, 2, 1]);
  });

  it('are no more than a server keeps', () => {
    const many = Array.from({ length: 1_100 }, (_, index) => index);
    const kept = secondsOf(withAnswer(decisions(5_000), decisions(...many), false));
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([1_000, 5_000, 101]);
  });
});

describe('the leases of an open page', () => {
  const lease: LeaseView = {
    name: 'nightly',
    account: 'aws',
    subject: 'demo',
    state: 'fresh',
    failures: 0,
    deliveryFailures: 0,
    targets: 0,
  };
  const leases = (name: string): PageView => ({
    ...common,
    page: 'leases',
    now: common.until,
    leases: [{ ...lease, name }],
    filter: '',
  });

  it('are those of the answer, unless others were told meanwhile', () => {
    expect(withAnswer(leases('old'), leases('new'), false)).toEqual(leases('new'));
    expect(withAnswer(leases('told'), leases('older'), true)).toEqual(leases('told'));
  });
});
