import { render } from 'preact';
import type { LiveEvent, PageView, WhatIf } from '../lib/console/view.ts';
import { type Actions, App } from './app.tsx';
import type { Liveness } from './frame.tsx';
import { clockOf, withEvent } from './live-view.ts';

/** Spans are counted down so often, in milliseconds. */
const tickMs = 1_000;

const load = async (body?: URLSearchParams): Promise<PageView> => {
  const response = await fetch(location.pathname + location.search, {
    headers: { accept: 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as PageView;
};

const start = async (root: HTMLElement): Promise<void> => {
  let view = await load();
  let liveness: Liveness = 'waiting';
  // By how much this machine's clock is behind the server's.
  let skewMs = clockOf(view) - Date.now();

  const draw = (): void => {
    const clock = Date.now() + skewMs;
    render(<App view={view} liveness={liveness} clock={clock} actions={actions} />, root);
  };
  let isDrawing = false;
  const drawSoon = (): void => {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      draw();
    });
  };
  const show = (next: PageView): void => {
    view = next;
    drawSoon();
  };
  /** A filter that is typed stands in the address, so that it can be sent to somebody. */
  const address = (parameters: Readonly<Record<string, string>>): void => {
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
    history.replaceState(null, '', query.size === 0 ? location.pathname : `?${query}`);
  };

  const actions: Actions = {
    filterDecisions: (filter) => {
      address({ text: filter.text, ending: filter.ending });
      if (view.page === 'decisions') show({ ...view, filter });
      void refill();
    },
    filter: (filter) => {
      address({ filter });
      if (view.page === 'leases' || view.page === 'access') show({ ...view, filter });
      if (view.page === 'leases') void refill();
    },
    ask: async (asked: WhatIf) => {
      const { page, ...answered } = await load(new URLSearchParams({ ...asked }));
      if (view.page === 'access' && page === 'access' && 'whatIf' in answered) show({ ...view, ...answered, page });
    },
  };

  /** Asks again for what the filter leaves out of the page: the last one that was asked is shown. */
  let asking = 0;
  const refill = async (): Promise<void> => {
    const number = ++asking;
    const fuller = await load();
    if (number !== asking) return;
    if (view.page === 'decisions' && fuller.page === 'decisions') show({ ...view, decisions: fuller.decisions });
    if (view.page === 'leases' && fuller.page === 'leases') show({ ...view, leases: fuller.leases });
  };

  draw();
  document.documentElement.classList.add('live');
  const source = new EventSource('/console/live');
  const become = (next: Liveness): void => {
    liveness = next;
    drawSoon();
  };
  source.onopen = () => become('live');
  source.onerror = () => become(source.readyState === EventSource.CLOSED ? 'over' : 'waiting');
  const hear = (event: LiveEvent): void => {
    if (event.event === 'over') {
      source.close();
      become('over');
    }
    if (event.event === 'now') skewMs = Date.parse(event.data.at) - Date.now();
    // Leases that a filter leaves out are not asked for again and again.
    if (event.event === 'leases' && view.page === 'leases' && view.filter !== '') return;
    show(withEvent(view, event));
  };
  for (const name of ['now', 'leases', 'decisions', 'over'] as const) {
    source.addEventListener(name, ({ data }) => hear({ event: name, data: JSON.parse(data) } as LiveEvent));
  }
  if (view.page === 'now' || view.page === 'leases') setInterval(drawSoon, tickMs);
};

const root = document.getElementById('app');
if (root !== null) void start(root);
