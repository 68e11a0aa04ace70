import type { DecisionLine, LiveEvent, MinuteView, NowView, PageView } from '../lib/console/view.ts';

/** Decisions that an open page keeps: as many as a server does. */
const maxDecisions = 1_000;
const maxBeside = 8;

/** The newest of the decisions that were told and those that are known: one may be both, in any order. */
const newest = (told: readonly DecisionLine[], known: readonly DecisionLine[], max: number): readonly DecisionLine[] =>
  [...new Map([...told, ...known].map((one) => [`${one.requestId} ${one.at} ${one.outcome}`, one])).values()]
    .sort((one, other) => other.at.localeCompare(one.at))
    .slice(0, max);

/** Minutes as they are known, with the last ones as they are told now. */
const mergedMinutes = (known: readonly MinuteView[], told: readonly MinuteView[]): readonly MinuteView[] => {
  const byTime = new Map(known.map((minute) => [minute.at, minute]));
  for (const minute of told) byTime.set(minute.at, minute);
  return [...byTime.values()]
    .sort((one, other) => one.at.localeCompare(other.at))
    .slice(-Math.max(known.length, told.length));
};

const mergedNow = (known: NowView, told: NowView): NowView => ({
  ...told,
  minutes: mergedMinutes(known.minutes, told.minutes),
});

/** The instant that a view is of, in milliseconds since 1970; of one that counts no spans, now. */
export const clockOf = (view: PageView): number =>
  view.page === 'now' ? Date.parse(view.now.at) : view.page === 'leases' ? Date.parse(view.now) : Date.now();

/** A view with what the server answered, which may be older than what was told meanwhile. */
export const withAnswer = (view: PageView, answer: PageView, haveLeasesChanged: boolean): PageView => {
  if (view.page === 'decisions' && answer.page === 'decisions') {
    return { ...view, decisions: newest(answer.decisions, view.decisions, maxDecisions) };
  }
  if (view.page === 'leases' && answer.page === 'leases' && !haveLeasesChanged) {
    return { ...view, leases: answer.leases };
  }
  return view;
};

/** A view with what happened since. */
export const withEvent = (view: PageView, event: LiveEvent): PageView => {
  switch (event.event) {
    case 'now':
      return view.page === 'now' ? { ...view, now: mergedNow(view.now, event.data) } : view;
    case 'leases':
      return view.page === 'now' || view.page === 'leases' ? { ...view, leases: event.data } : view;
    case 'decisions':
      if (view.page === 'now') return { ...view, decisions: newest(event.data, view.decisions, maxBeside) };
      if (view.page === 'decisions') return { ...view, decisions: newest(event.data, view.decisions, maxDecisions) };
      return view;
    case 'over':
      return view;
  }
};
