import { render } from 'preact';
import type { PageView, WhatIf } from '../lib/console/view.ts';
import { type Actions, App } from './app.tsx';
import type { Liveness } from './frame.tsx';
import { listenLive } from './live-stream.ts';
import { clockOf, withAnswer, withEvent } from './live-view.ts';
import { viewId } from './view-id.ts';

/** Spans are counted down so often, in milliseconds. */
const tickMs = 1_000;
/** The server answers sooner, or not at all. */
const loadMaxMs = 30_000;

const load = async (body?: URLSearchParams): Promise<PageView> => {
  const response = await fetch(location.pathname + location.search, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(loadMaxMs),
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as PageView;
};

/** The view that the document was made of. */
const embedded = (): PageView => JSON.parse(document.getElementById(viewId)?.textContent ?? '') as PageView;

const start = (root: HTMLElement): void => {
  let view = embedded();
  let problem: string | undefined;
  let liveness: Liveness = 'waiting';
  // By how much this machine's clock is behind the server's.
  let skewMs = clockOf(view) - Date.now();

  const draw = (): void => {
    const clock = Date.now() + skewMs;
    render(<App view={view} liveness={liveness} problem={problem} clock={clock} actions={actions} />, root);
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
  /** Does what asks the server, and shows why it could not be done. */
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
      problem = undefined;
    } catch (thrown) {
      problem = thrown instanceof Error ? thrown.message : String(thrown);
    }
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
      void attempt(refill);
    },
    filter: (filter) => {
      address({ filter });
      if (view.page === 'leases' || view.page === 'access') show({ ...view, filter });
      if (view.page === 'leases') void attempt(refill);
    },
    ask: (asked: WhatIf) =>
      attempt(async () => {
        const { page, ...answered } = await load(new URLSearchParams({ ...asked }));
        if (view.page === 'access' && page === 'access' && 'whatIf' in answered) show({ ...view, ...answered, page });
      }),
  };

  /** Asks again for what the filter leaves out of the page: the last one that was asked is shown. */
  let asking = 0;
  let leasesTold = 0;
  const refill = async (): Promise<void> => {
    const number = ++asking;
    const told = leasesTold;
    const fuller = await load();
    if (number === asking) show(withAnswer(view, fuller, told !== leasesTold));
  };

  draw();
  document.documentElement.classList.add('live');
  listenLive({
    become: (next) => {
      liveness = next;
      drawSoon();
    },
    hear: (event) => {
      if (event.event === 'leases') leasesTold++;
      if (event.event === 'now') skewMs = Date.parse(event.data.at) - Date.now();
      show(withEvent(view, event));
    },
  });
  if (view.page === 'now' || view.page === 'leases') setInterval(drawSoon, tickMs);
};

const root = document.getElementById('app');
if (root !== null) start(root);
